//! What a channel expects of its consumers: who is required, for how long it may stall or be dead, and what follows.
//!
//! Values only, all of them `const`: the macro writes them into a channel's declaration, the builder makes them at run
//! time, the segment carries them for everybody to see.

use core::time::Duration;

/// A consumer that the channel declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct DeclaredConsumer {
    /// Its id.
    pub id: &'static str,
    /// What is expected of it.
    pub role: Role,
}

impl DeclaredConsumer {
    /// The consumer `id` in this role.
    #[must_use]
    pub const fn new(id: &'static str, role: Role) -> Self {
        Self { id, role }
    }
}

/// What is expected of a consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Role {
    /// Holds the producer back while it is attached and alive: what a consumer that nobody declared is.
    #[default]
    Reliable,
    /// Holds the producer back from the first event on, attached or not.
    Required(Required),
    /// Never holds anybody back, and may miss events, which it is told.
    Lossy,
}

/// What follows when a required consumer fails to appear, stalls or dies. Times are counted while the producer waits for
/// it; nothing is asked of a consumer that is in nobody's way.
///
/// Begins as [`DEFAULT`](Self::DEFAULT), and each function changes one thing:
/// `Required::DEFAULT.stall(Duration::from_secs(5)).on_failure(OnFailure::Shutdown)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Required {
    /// How long the producer waits for it while it is not attached, because it did not come yet, or left; `None` for
    /// ever. Then publishing fails.
    pub startup: Option<Duration>,
    /// After how long without a move it is said to stall; `None` never.
    pub stall: Option<Duration>,
    /// How long after that it may recover before `on_failure` follows.
    pub grace: Duration,
    /// How often a producer that waits for it asks the kernel whether it lives; at most once a millisecond.
    pub check: Duration,
    /// What follows when it is alive and did not recover in time.
    pub on_failure: OnFailure,
    /// What follows when the kernel says that it is dead.
    pub on_death: OnDeath,
}

impl Required {
    /// Waits for it for ever, alive or dead, without a word.
    pub const DEFAULT: Self = Self {
        startup: None,
        stall: None,
        grace: Duration::ZERO,
        check: Duration::from_millis(10),
        on_failure: OnFailure::Block,
        on_death: OnDeath::Wait { time: None, then: Loss::Shutdown },
    };

    /// The same, but with a limit to how long the producer waits for it while it is not attached.
    #[must_use]
    pub const fn startup(self, time: Duration) -> Self {
        Self { startup: Some(time), ..self }
    }

    /// The same, but it is said to stall after this long without a move.
    #[must_use]
    pub const fn stall(self, time: Duration) -> Self {
        Self { stall: Some(time), ..self }
    }

    /// The same, but with this long to recover after a stall was told.
    #[must_use]
    pub const fn grace(self, time: Duration) -> Self {
        Self { grace: time, ..self }
    }

    /// The same, but a producer that waits for it asks the kernel this often whether it lives.
    #[must_use]
    pub const fn check(self, time: Duration) -> Self {
        Self { check: time, ..self }
    }

    /// The same, but with what follows when it is alive and did not recover in time.
    #[must_use]
    pub const fn on_failure(self, policy: OnFailure) -> Self {
        Self { on_failure: policy, ..self }
    }

    /// The same, but with what follows when it is dead.
    #[must_use]
    pub const fn on_death(self, policy: OnDeath) -> Self {
        Self { on_death: policy, ..self }
    }
}

impl Default for Required {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What follows when a required consumer is alive, stalls, and does not recover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum OnFailure {
    /// The publish that waits returns an error that names it, and the channel closes with that reason: all others drain
    /// it and are told.
    Shutdown,
    /// The producer waits for ever, and alerts again each time that `stall` has passed.
    #[default]
    Block,
    /// The producer waits for ever, and says nothing more.
    AlertOnly,
}

/// What follows when a required consumer is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnDeath {
    /// Its place is kept for `time`, for ever if that is `None`: the same id resumes where it stopped. After that it is lost.
    Wait {
        /// How long, from when the producer found it dead.
        time: Option<Duration>,
        /// What follows then.
        then: Loss,
    },
    /// It is lost at once.
    At(Loss),
}

/// What becomes of the channel when a required consumer is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Loss {
    /// It is let go, and the stream goes on without it.
    Evict,
    /// The stream ends, with that reason.
    Shutdown,
}

/// When [`build`](crate::channel::ProducerBuilder::build) gives the producer away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum StartWhen {
    /// At once. The first events go into the free ring, and stay there for required consumers that attach later.
    #[default]
    Now,
    /// When this many consumers are attached and alive.
    Attached(usize),
    /// When all required ones are.
    AllRequired,
}

/// How a segment stores a policy, for other processes: words of which every bit pattern means something, or nothing.
pub(crate) const POLICY_WORDS: usize = 6;

/// No time at all, as a word.
const NEVER: u64 = u64::MAX;

fn encode_time(time: Option<Duration>) -> u64 {
    time.map_or(NEVER, |time| u64::try_from(time.as_nanos()).unwrap_or(NEVER - 1).min(NEVER - 1))
}

fn decode_time(word: u64) -> Option<Duration> {
    (word != NEVER).then(|| Duration::from_nanos(word))
}

impl Required {
    /// The first word is never 0.
    pub(crate) fn encode(&self) -> [u64; POLICY_WORDS] {
        let failure = match self.on_failure {
            OnFailure::Shutdown => 0,
            OnFailure::Block => 1,
            OnFailure::AlertOnly => 2,
        };
        let (death, time, loss) = match self.on_death {
            OnDeath::At(loss) => (0, None, loss),
            OnDeath::Wait { time, then } => (1, time, then),
        };
        let loss = match loss {
            Loss::Evict => 0,
            Loss::Shutdown => 1,
        };
        let codes = 1 | failure << 8 | death << 16 | loss << 24;
        let (startup, stall) = (encode_time(self.startup), encode_time(self.stall));
        let (grace, check) = (encode_time(Some(self.grace)), encode_time(Some(self.check)));
        [codes, startup, stall, grace, check, encode_time(time)]
    }

    /// `None` for words that [`encode`](Self::encode) did not make.
    pub(crate) fn decode([codes, startup, stall, grace, check, time]: [u64; POLICY_WORDS]) -> Option<Self> {
        let [1, failure, death, loss, 0, 0, 0, 0] = codes.to_le_bytes() else { return None };
        let loss = match loss {
            0 => Loss::Evict,
            1 => Loss::Shutdown,
            _ => return None,
        };
        Some(Self {
            startup: decode_time(startup),
            stall: decode_time(stall),
            grace: decode_time(grace)?,
            check: decode_time(check)?,
            on_failure: match failure {
                0 => OnFailure::Shutdown,
                1 => OnFailure::Block,
                2 => OnFailure::AlertOnly,
                _ => return None,
            },
            on_death: match death {
                0 => OnDeath::At(loss),
                1 => OnDeath::Wait { time: decode_time(time), then: loss },
                _ => return None,
            },
        })
    }
}
