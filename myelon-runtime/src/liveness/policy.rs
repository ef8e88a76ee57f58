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
    /// How long the producer waits for it to attach for the first time, `None` for ever.
    pub startup: Option<Duration>,
    /// After how long without a move it is said to stall; `None` never.
    pub stall: Option<Duration>,
    /// How long after that it may recover before `on_failure` follows.
    pub grace: Duration,
    /// How often a producer that waits for it asks the kernel whether it lives.
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

    /// The same, but with a limit to how long the producer waits for it to attach for the first time.
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
