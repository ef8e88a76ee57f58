//! What one act is: drawn from the seed.

use core::time::Duration;

use myelon_tests::{Backend, Random};

use crate::args::Plan;

/// One channel, from its creation to its end.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    pub(crate) backend: Backend,
    pub(crate) is_raw: bool,
    pub(crate) kind: &'static str,
    /// Events, or bytes.
    pub(crate) capacity: u64,
    /// How many events or messages a ring holds at most.
    pub(crate) lap: u64,
    /// How long messages are, as a helper is told it.
    pub(crate) len: String,
    /// What a death means of those that nobody requires.
    pub(crate) held: Held,
    /// The same of those that are required.
    pub(crate) required: Held,
    /// Whether they are told of as stalled when they are stopped.
    pub(crate) stalls: bool,
    pub(crate) time: Duration,
    pub(crate) ending: Ending,
}

/// For how long a dead consumer's place is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    Not,
    For(Duration),
    Forever,
}

/// How the act ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The producer closes.
    Closed,
    /// The producer dies, and another one starts anew.
    Superseded,
    /// A required consumer dies without which there is to be no stream.
    RequiredLost,
}

const RAW: [&str; 10] = ["L8", "L24", "L56", "L256", "LChecked", "D3", "D8", "D64", "D256", "DChecked"];
/// Bytes, and those that have lengths of their own.
const BYTES: [&str; 2] = ["Log", "Timed"];
const TYPED: [&str; 7] = ["Feed", "Feed", "Books", "Monsters", "Orders", "Bars", "Sums"];

impl Script {
    pub(crate) fn draw(plan: &Plan, random: &mut Random) -> Self {
        let backend = *random.pick(&plan.places);
        let is_raw = plan.raw && (!plan.messages || random.one_in(2));
        let (kind, capacity, most) = if is_raw {
            (*random.pick(&RAW), *random.pick(&[8, 64, 1024, 16_384]), 0)
        } else if random.one_in(2) {
            let capacity = *random.pick(&[1024, 4096, 65_536]);
            // From one unit to longer than the ring.
            (*random.pick(&BYTES), capacity, *random.pick(&[60, capacity / 4, 3 * capacity]))
        } else {
            (*random.pick(&TYPED), *random.pick(&[4096, 65_536]), *random.pick(&[100, 900, 5000]))
        };
        let millis = |random: &mut Random| Duration::from_millis(50 + random.below(300));
        let held = match random.below(4) {
            0 => Held::Forever,
            1 => Held::For(millis(random)),
            _ => Held::Not,
        };
        Self {
            backend,
            is_raw,
            kind,
            capacity,
            lap: if is_raw { capacity } else { capacity / 16 },
            len: format!("mix:{}:{}", most.max(1), random.below(1000)),
            held,
            required: if random.one_in(4) { Held::For(millis(random)) } else { Held::Forever },
            stalls: random.one_in(3),
            time: Duration::from_millis(2000 + random.below(5000)),
            ending: *random.pick(&[Ending::Closed, Ending::Closed, Ending::Superseded, Ending::RequiredLost]),
        }
    }

    /// How a producer is made that requires these.
    pub(crate) fn create(&self, at: &str, required: &[&str]) -> String {
        let death = match self.required {
            Held::For(time) => format!("evict:{}", time.as_millis()),
            Held::Forever | Held::Not => "shutdown:3600000".into(),
        };
        self.create_with(at, required, &death)
    }

    /// The same, where their deaths mean what `death` says.
    pub(crate) fn create_with(&self, at: &str, required: &[&str], death: &str) -> String {
        let Self { kind, capacity, .. } = self;
        let policy = match self.held {
            Held::Not => "evict".into(),
            Held::For(time) => format!("hold:{}", time.as_millis()),
            Held::Forever => "forever".into(),
        };
        let stalls = if self.stalls { " stall=30 grace=20 failure=alert" } else { "" };
        let required = required.join(",");
        format!(
            "create type={kind} at={at} cap={capacity} policy={policy} required={required} death={death}{stalls}"
        )
    }
}
