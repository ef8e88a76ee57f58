//! What happened to those who take part in a channel: records in the segment that outlive whoever wrote them.
//!
//! Each participant keeps the last 16 in its own page ([`log`]): what it did, and what it found out about others. Merged
//! they are the channel's [`History`]. For people: they decide nothing, and a process that is killed may have left the last
//! one out.

mod cause;
mod history;
pub(crate) mod log;
mod note;
mod time;

pub use cause::LifecycleCause;
pub use history::{History, LifecycleRecord, Participant};
pub(crate) use note::{Label, Note, What, Whom};
pub(crate) use time::Utc;

use core::fmt;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LifecycleEvent {
    /// A consumer attached anew, or a producer created the channel.
    Attached,
    /// A consumer goes on where the same id stopped, or a producer took the channel over and goes on in sequence.
    Resumed,
    /// It left, and may come back.
    Detached,
    /// A consumer left for good.
    Left,
    /// A required consumer that the producer waits for lives and does not move.
    Stalled,
    /// It moved again.
    Recovered,
    /// The kernel said that it is gone; or it was dropped by a thread that panicked, which is told by itself.
    Died,
    /// A dead consumer was let go.
    Evicted,
    /// Another segment took the name. The pid is that of the process which made it.
    Superseded,
    /// The stream was ended.
    Closed,
}

impl LifecycleEvent {
    const ALL: [Self; 10] = [
        Self::Attached,
        Self::Resumed,
        Self::Detached,
        Self::Left,
        Self::Stalled,
        Self::Recovered,
        Self::Died,
        Self::Evicted,
        Self::Superseded,
        Self::Closed,
    ];

    /// Its number in a segment, 1 to 15. Part of the format: a reader passes over numbers that it does not know.
    const fn code(self) -> u8 {
        match self {
            Self::Attached => 1,
            Self::Resumed => 2,
            Self::Detached => 3,
            Self::Left => 4,
            Self::Stalled => 5,
            Self::Recovered => 6,
            Self::Died => 7,
            Self::Evicted => 8,
            Self::Superseded => 9,
            Self::Closed => 10,
        }
    }

    /// The same, because some policy says so.
    pub(crate) const fn by(self, cause: LifecycleCause) -> What {
        What { event: self, cause: Some(cause) }
    }

    fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.code() == code)
    }
}

impl fmt::Display for LifecycleEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Attached => "attached",
            Self::Resumed => "resumed",
            Self::Detached => "detached",
            Self::Left => "left",
            Self::Stalled => "stalled",
            Self::Recovered => "recovered",
            Self::Died => "died",
            Self::Evicted => "evicted",
            Self::Superseded => "superseded",
            Self::Closed => "closed",
        })
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
