//! How long it took to go on after something happened: measured while it is waited for, and told as a distribution.

use core::fmt;
use core::time::Duration;
use std::collections::BTreeMap;
use std::time::Instant;

/// Who is to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Producer,
    Consumer(usize),
    /// Of how many deaths a consumer was told.
    Told(usize),
}

/// Something that is measured: from when on, and how far who has to come.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) what: &'static str,
    pub(crate) since: Instant,
    /// Each has to get above the number.
    pub(crate) goals: Vec<(Who, u64)>,
}

/// All that was measured.
#[derive(Debug, Default)]
pub(crate) struct Times {
    pending: Vec<Pending>,
    taken: BTreeMap<&'static str, Vec<Duration>>,
    /// What could not be measured because the next thing came in between.
    disturbed: u64,
}

impl Times {
    pub(crate) fn expect(&mut self, what: &'static str, since: Instant, goals: Vec<(Who, u64)>) {
        if !goals.is_empty() {
            self.pending.push(Pending { what, since, goals });
        }
    }

    /// Looks who has come as far as it was to come.
    pub(crate) fn look(&mut self, progress: impl Fn(Who) -> u64) {
        let now = Instant::now();
        self.pending.retain_mut(|pending| {
            pending.goals.retain(|(who, above)| progress(*who) <= *above);
            if pending.goals.is_empty() {
                self.taken.entry(pending.what).or_default().push(now.duration_since(pending.since));
            }
            !pending.goals.is_empty()
        });
    }

    /// Those that are measured may be held up by what happens next.
    pub(crate) fn disturb(&mut self) {
        self.disturbed += self.pending.len() as u64;
        self.pending.clear();
    }

    pub(crate) fn is_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// What is still waited for, if it is since before `then`.
    pub(crate) fn overdue(&self, then: Instant) -> Option<&Pending> {
        self.pending.iter().find(|pending| pending.since < then)
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = "time to recover, in ms";
        writeln!(f, "{head:<58}{:>7}{:>9}{:>9}{:>9}{:>9}{:>9}", "count", "min", "p50", "p90", "p99", "max")?;
        for (what, times) in &self.taken {
            let mut times = times.clone();
            times.sort_unstable();
            let at =
                |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1e3;
            write!(f, "  {what:<56}{:>7}", times.len())?;
            for share in [0.0, 0.5, 0.9, 0.99, 1.0] {
                write!(f, "{:>9.2}", at(share))?;
            }
            writeln!(f)?;
        }
        writeln!(f, "  (not measured, as the next thing came in between: {})", self.disturbed)
    }
}
