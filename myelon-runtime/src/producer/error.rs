//! Why something was not published, and who was in the way.

use core::fmt;
use core::time::Duration;
use std::error::Error;

use super::room::Stuck;
use crate::codec::EncodeError;
use crate::lifecycle::{LifecycleRecord, Utc};
use crate::liveness::{Ids, Lost};

/// Why a blocking publish gave up. Nothing was published by the failing step.
///
/// A message that is longer than the largest record goes in piece by piece. If that fails half-way, consumers drop what
/// there is of it and are told so.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublishError {
    /// A [`Stopper`](crate::wait::Stopper) ended the wait.
    Stopped,
    /// Another segment has this channel's name now, so nobody new will ever find this one.
    Superseded,
    /// This end was copied by a fork and belongs to the parent process.
    Forked,
    /// Required consumers hold the producer back that are not attached, for as long as the policy of one of them waits. The
    /// stream stays open: publish again once they are there.
    StartupTimeout {
        /// All required ones that are not attached.
        missing: Vec<String>,
        /// For how long was waited.
        waited: Duration,
    },
    /// A required consumer stalled or died, and its policy ended the stream. It is closed; whoever else reads it drains what
    /// there is and is told the same.
    RequiredLost(Box<Lost>),
    /// The message is longer than the channel takes, or than a claim can be. Nothing was written.
    TooLarge {
        /// Bytes of the message; of one that is serialised, at least that many.
        len: u64,
        /// The most there may be.
        max: u64,
    },
    /// The format refused the value.
    Encode(EncodeError),
    /// There is no memory for a message that does not fit one record.
    OutOfMemory {
        /// Bytes that were asked for.
        len: u64,
    },
}

/// Why a publish that does not wait failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TryPublishError {
    /// The slowest consumer is a whole ring behind.
    Full(Full),
    /// As for a blocking publish.
    Failed(PublishError),
}

/// Why a publish with a time limit failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublishTimeoutError {
    /// There was no room in time, or the event or message was not released in time; the consumer that was in the way, if it
    /// still is.
    TimedOut(Option<Box<Blocker>>),
    /// As for a blocking publish.
    Failed(PublishError),
}

/// Why a slice or batch went in only in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SliceError<S> {
    /// How many events or messages were published; the rest were not.
    pub published: u64,
    /// What stopped the next one.
    pub source: S,
}

/// Why [`wait_for_consumers`](super::Producer::wait_for_consumers) gave up.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitConsumersError {
    /// Fewer consumers than wanted were attached in time.
    TimedOut {
        /// How many were wanted.
        wanted: usize,
        /// How many were attached when the time was up.
        attached: usize,
    },
    /// Not all required consumers were attached in time.
    Missing {
        /// Those that were not.
        missing: Vec<String>,
        /// For how long was waited.
        waited: Duration,
    },
    /// The wait could not go on.
    Failed(PublishError),
    /// Somebody removed the channel's file, so no consumer can find it.
    Removed,
}

/// There is no room: who is in the way, and how far behind it is. Costs nothing to make;
/// [`Producer::blocker`](super::Producer::blocker) tells more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full {
    /// The registry entry of the slowest consumer.
    pub gating: u32,
    /// How many events or messages it has not released yet.
    pub lag: u64,
    /// Bytes of those; of messages, with what the ring adds to them.
    pub lag_bytes: u64,
}

/// The consumer that holds the producer back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// The id it attached with.
    pub id: String,
    /// Its process, as seen in the pid namespace it runs in.
    pub pid: u32,
    /// Whether the kernel says that it lives; a stopped process does.
    pub alive: bool,
    /// Whether it is attached. A required one that did not come yet, or left, is in the way as well.
    pub attached: bool,
    /// How many events or messages it has not released yet.
    pub lag: u64,
    /// Bytes of those; of messages, with what the ring adds to them.
    pub lag_bytes: u64,
    /// How long it has not moved, as far as this producer has seen.
    pub idle: Duration,
    /// Its registry entry.
    pub entry: u32,
    /// What happened to it last, if that is known.
    pub last: Option<LifecycleRecord>,
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match (self.alive, self.attached) {
            (true, _) => "alive",
            (false, true) => "dead",
            (false, false) => "required, and not attached",
        };
        write!(f, "consumer `{}` (", self.id)?;
        // One that never came has none.
        if self.pid != 0 {
            write!(f, "pid {}, ", self.pid)?;
        }
        write!(
            f,
            "{state}) is {} behind ({} bytes) and has not moved for {} ms",
            self.lag,
            self.lag_bytes,
            self.idle.as_millis()
        )?;
        match &self.last {
            Some(last) => write!(f, "; it {} {}", last.event, Utc(last.at)),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the ring is full: the consumer in entry {} is {} behind ({} bytes); `blocker()` tells who it is",
            self.gating, self.lag, self.lag_bytes
        )
    }
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge { len, max } => {
                return write!(
                    f,
                    "the message has {len} bytes, and the most is {max}; raise `max_message`, or the capacity for a claim"
                );
            }
            Self::OutOfMemory { len } => {
                return write!(
                    f,
                    "there is no memory for the {len} bytes of a message that does not fit one record; a larger capacity \
                     makes records longer, and `publish` of bytes that are there needs none"
                );
            }
            Self::StartupTimeout { missing, waited } => {
                return write!(
                    f,
                    "required consumers are not attached after {} ms: {}; start them, and publish again",
                    waited.as_millis(),
                    Ids(missing)
                );
            }
            Self::RequiredLost(lost) => return write!(f, "{lost}; the stream is closed, create the channel again"),
            Self::Encode(_) => "the value could not be encoded, so nothing was published",
            Self::Stopped => "the wait for room was stopped",
            Self::Superseded => {
                "another segment has this channel's name now; drop this producer and create the channel again"
            }
            Self::Forked => {
                "this producer belongs to the parent process; create a channel of your own after the fork"
            }
        })
    }
}

impl fmt::Display for TryPublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(full) => full.fmt(f),
            Self::Failed(failed) => failed.fmt(f),
        }
    }
}

impl fmt::Display for PublishTimeoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut(Some(blocker)) => write!(f, "the time is up: {blocker}"),
            Self::TimedOut(None) => f.write_str("the time is up; nobody is in the way now"),
            Self::Failed(failed) => failed.fmt(f),
        }
    }
}

impl<S: fmt::Display> fmt::Display for SliceError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the first {} were published, the next was not: {}", self.published, self.source)
    }
}

impl fmt::Display for WaitConsumersError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut { wanted, attached } => {
                write!(f, "{attached} of {wanted} consumers were attached in time; are the others started?")
            }
            Self::Missing { missing, waited } => write!(
                f,
                "required consumers were not attached within {} ms: {}; are they started?",
                waited.as_millis(),
                Ids(missing)
            ),
            Self::Failed(failed) => failed.fmt(f),
            Self::Removed => f.write_str(
                "the channel's file was removed, so no consumer can attach; create the channel again",
            ),
        }
    }
}

// Each text says all there is, what stopped it included: no `source`, or a report of the chain tells it twice.
impl Error for Full {}
impl Error for PublishError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Encode(EncodeError::Failed(cause)) => Some(cause.get()),
            _ => None,
        }
    }
}
impl Error for TryPublishError {}
impl Error for PublishTimeoutError {}
impl<S: Error> Error for SliceError<S> {}
impl Error for WaitConsumersError {}

// A call meets only the reasons that its patience allows; the others are told as the nearest one.
impl From<Stuck> for PublishError {
    #[cold]
    fn from(stuck: Stuck) -> Self {
        match stuck {
            Stuck::Failed(failed) => failed,
            Stuck::Full(_) | Stuck::TimedOut(_) => Self::Stopped,
        }
    }
}
impl From<Stuck> for TryPublishError {
    #[cold]
    fn from(stuck: Stuck) -> Self {
        match stuck {
            Stuck::Full(full) => Self::Full(full),
            Stuck::Failed(failed) => Self::Failed(failed),
            Stuck::TimedOut(_) => Self::Failed(PublishError::Stopped),
        }
    }
}
impl From<Stuck> for PublishTimeoutError {
    #[cold]
    fn from(stuck: Stuck) -> Self {
        match stuck {
            Stuck::TimedOut(blocker) => Self::TimedOut(blocker),
            Stuck::Failed(failed) => Self::Failed(failed),
            Stuck::Full(_) => Self::TimedOut(None),
        }
    }
}
