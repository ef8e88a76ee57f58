//! What a producer says of consumers that matter: alerts while the stream goes on, and the loss that ends it.

use core::fmt;
use core::time::Duration;

/// What happened to a consumer that the producer waits for, or was asked about.
///
/// Given to the callback of [`on_alert`](crate::channel::ProducerBuilder::on_alert), on the producer's thread.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alert {
    /// The consumer.
    pub id: String,
    /// Its process, as seen in the pid namespace it runs in; 0 unknown.
    pub pid: u32,
    /// How many events or messages it has not released yet.
    pub lag: u64,
    /// How long it did not move, or was dead, as far as this producer knows.
    pub stalled_for: Duration,
    /// What happened.
    pub kind: AlertKind,
}

/// What an [`Alert`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AlertKind {
    /// It is alive, and has not moved for as long as its policy says while the producer waits for it.
    Stalled,
    /// It moved again.
    Recovered,
    /// The kernel says that it is dead.
    Died,
    /// It came back after it was dead, and goes on where it stopped.
    Resumed,
    /// It was dead and was let go: the stream goes on without it.
    Evicted,
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, pid, lag, stalled_for, kind } = self;
        let what = match kind {
            AlertKind::Stalled => "has not moved",
            AlertKind::Recovered => "moves again after it did not",
            AlertKind::Died => "died, and did not move",
            AlertKind::Resumed => "came back after it was gone",
            AlertKind::Evicted => "was let go after it did not move",
        };
        write!(f, "consumer `{id}` (pid {pid}), {lag} behind, {what} for {} ms", stalled_for.as_millis())
    }
}

/// The required consumer that ended a stream, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lost {
    /// The consumer.
    pub id: String,
    /// Its process, as seen in the pid namespace it runs in; 0 unknown.
    pub pid: u32,
    /// Why it was given up.
    pub why: LostWhy,
    /// The sequence of the next event or message that it would have released.
    pub at: u64,
    /// How many events or messages it had not released.
    pub lag: u64,
    /// How long it had not moved, or was dead.
    pub idle: Duration,
}

/// Why a required consumer was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LostWhy {
    /// It was alive and did not recover in time.
    Stalled,
    /// It died, and did not come back in time.
    Died,
}

impl LostWhy {
    /// As the segment stores it; never 0.
    pub(crate) fn encode(self) -> u64 {
        match self {
            Self::Stalled => 1,
            Self::Died => 2,
        }
    }

    pub(crate) fn decode(word: u64) -> Option<Self> {
        match word {
            1 => Some(Self::Stalled),
            2 => Some(Self::Died),
            _ => None,
        }
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, pid, why, at, lag, idle } = self;
        let (how, since) = match why {
            LostWhy::Stalled => ("is alive and stalled", "has not moved"),
            LostWhy::Died => ("died", "was gone"),
        };
        write!(
            f,
            "the required consumer `{id}` (pid {pid}) {how} at sequence {at}, {lag} behind, and {since} for {} ms",
            idle.as_millis()
        )
    }
}

/// Ids in a text.
pub(crate) struct Ids<'a>(pub(crate) &'a [String]);

impl fmt::Display for Ids<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, id) in self.0.iter().enumerate() {
            write!(f, "{}`{id}`", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}
