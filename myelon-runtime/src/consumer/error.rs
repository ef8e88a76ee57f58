//! Why there is no event or message.

use core::fmt;
use std::error::Error;

use super::arrival::Nothing;
use crate::codec::DecodeError;
use crate::liveness::Lost;
use crate::ring::Sequence;

/// Why a receive failed. What was received before is not affected, and unless the text says otherwise the
/// next call goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecvError {
    /// The producer's process is gone without having closed the channel, and everything that it published was
    /// received. Told once; the next receive waits for a successor, without a new attach.
    ProducerDied {
        /// The sequence of the event or message that would have come next.
        sequence: Sequence,
        /// The process that died.
        pid: u32,
    },
    /// The bytes of this event are not a valid value of its type (a `bool`, `char` or enum in it): the producer
    /// wrote them without knowing better. The event is skipped; the next receive goes on after it.
    Invalid {
        /// The event.
        sequence: Sequence,
    },
    /// Events or messages were overwritten before they were read. Only of a lossy consumer, which holds nobody back; the
    /// next receive goes on behind them.
    Lagged {
        /// How many were missed.
        missed: u64,
    },
    /// The producer is gone, and another segment has the channel's name now. Everything that could be received
    /// here was; attach again.
    Superseded,
    /// The producer is gone, and the channel's file was removed, so no successor can come.
    Removed,
    /// The stream ended because a required consumer was lost, and everything that was published before was received. Told
    /// by every receive from then on.
    RequiredLost(Box<Lost>),
    /// A [`Stopper`](crate::wait::Stopper) ended the wait.
    Stopped,
    /// This end was copied by a fork and belongs to the parent process.
    Forked,
    /// The ring says what no producer writes: another program has scribbled over the segment. The stream
    /// cannot go on.
    Corrupt {
        /// The sequence that was wanted.
        sequence: Sequence,
        /// The cursor or stamp that was found instead.
        found: u64,
    },
    /// The bytes of this message are no value of its type, or not one that its format can read. It is skipped; the next
    /// receive goes on after it.
    Undecodable {
        /// The message.
        sequence: Sequence,
        /// Its kind.
        kind: u16,
        /// What the format said.
        source: DecodeError,
    },
    /// Not all of this message came: its producer died or gave up half-way, or the place where this consumer resumed lies
    /// in the middle of it. What there was is dropped; the next receive goes on after it.
    Incomplete {
        /// The message.
        sequence: Sequence,
    },
    /// This message is longer than this consumer takes: its producer has a larger `max_message`. It is skipped; the next
    /// receive goes on after it.
    TooLong {
        /// The message.
        sequence: Sequence,
        /// Its bytes.
        len: u64,
        /// The most that this consumer takes.
        max: u64,
    },
    /// There is no memory to join the fragments of this message in. It is skipped; the next receive goes on after it.
    OutOfMemory {
        /// The message.
        sequence: Sequence,
        /// Its bytes.
        len: u64,
    },
    /// A record of the ring is not one that a producer writes: another program has scribbled over the segment. The
    /// stream cannot go on.
    CorruptRecord {
        /// The message that was wanted.
        sequence: Sequence,
        /// What does not fit.
        what: &'static str,
    },
}

/// Why a receive that does not wait failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TryRecvError {
    /// There is no event, or no whole message, at the moment.
    Empty,
    /// As for a blocking receive.
    Failed(RecvError),
}

/// Why a receive with a time limit failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecvTimeoutError {
    /// No event, or no whole message, came in time.
    TimedOut,
    /// As for a blocking receive.
    Failed(RecvError),
}

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ProducerDied { sequence, pid } => write!(
                f,
                "the producer (pid {pid}) died before it published sequence {sequence}; the next receive waits for its successor"
            ),
            Self::Invalid { sequence } => {
                write!(f, "event {sequence} is not a valid value of its type and was skipped; check its producer")
            }
            Self::Lagged { missed } => write!(
                f,
                "{missed} events or messages were overwritten before this lossy consumer read them; the next receive \
                 goes on behind them"
            ),
            Self::Superseded => {
                f.write_str("the producer is gone and another segment has the channel's name now; attach again")
            }
            Self::Removed => f.write_str(
                "the producer is gone and the channel's file was removed; attach again once it is created anew",
            ),
            Self::RequiredLost(lost) => {
                write!(f, "the producer ended the stream: {lost}; attach again once the channel is created anew")
            }
            Self::Stopped => f.write_str("the wait was stopped"),
            Self::Forked => f.write_str("this consumer belongs to the parent process; attach again after the fork"),
            Self::Corrupt { sequence, found } => write!(
                f,
                "the ring is corrupt: {found} was found where sequence {sequence} was wanted; something else wrote to \
                 the segment: find out what, and have the producer create it `fresh`"
            ),
            Self::Undecodable { sequence, kind, source } => {
                write!(
                    f,
                    "message {sequence} (kind {kind}) was skipped: {source}; check its producer"
                )
            }
            Self::Incomplete { sequence } => write!(
                f,
                "message {sequence} was dropped: its producer died or gave up before it was whole, or this consumer \
                 resumed in the middle of it"
            ),
            Self::TooLong { sequence, len, max } => write!(
                f,
                "message {sequence} was skipped: it has {len} bytes, and this consumer takes {max}; build both ends \
                 with the same `max_message`"
            ),
            Self::OutOfMemory { sequence, len } => {
                write!(
                    f,
                    "message {sequence} was skipped: there is no memory to join its {len} bytes in; \
                     give this process more, or a lower `max_message`"
                )
            }
            Self::CorruptRecord { sequence, what } => write!(
                f,
                "the ring is corrupt at message {sequence}: {what}; something else wrote to the segment: find out what, \
                 and have the producer create it `fresh`"
            ),
        }
    }
}

impl fmt::Display for TryRecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is nothing to receive at the moment"),
            Self::Failed(failed) => failed.fmt(f),
        }
    }
}

impl fmt::Display for RecvTimeoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => f.write_str("nothing came in time"),
            Self::Failed(failed) => failed.fmt(f),
        }
    }
}

// Each text says all there is: no `source`, or a report of the chain tells the same twice.
impl Error for RecvError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Undecodable { source, .. } => source.source(),
            _ => None,
        }
    }
}
impl Error for TryRecvError {}
impl Error for RecvTimeoutError {}

// A call meets only the reasons that its patience allows; the others are told as the nearest one.
impl From<Nothing> for RecvError {
    #[cold]
    fn from(nothing: Nothing) -> Self {
        match nothing {
            Nothing::Failed(failed) => failed,
            Nothing::Empty | Nothing::TimedOut => Self::Stopped,
        }
    }
}
impl From<Nothing> for TryRecvError {
    #[cold]
    fn from(nothing: Nothing) -> Self {
        match nothing {
            Nothing::Failed(failed) => Self::Failed(failed),
            Nothing::Empty | Nothing::TimedOut => Self::Empty,
        }
    }
}
impl From<Nothing> for RecvTimeoutError {
    #[cold]
    fn from(nothing: Nothing) -> Self {
        match nothing {
            Nothing::Failed(failed) => Self::Failed(failed),
            Nothing::Empty | Nothing::TimedOut => Self::TimedOut,
        }
    }
}
