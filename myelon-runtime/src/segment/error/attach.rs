//! Why a channel could not be attached to.

use core::fmt;
use core::time::Duration;
use std::error::Error;
use std::io;

use super::Pid;
use crate::lifecycle::LifecycleRecord;
use crate::liveness::Ids;
use crate::location::LocationError;
use crate::segment::header::HeaderError;
use crate::segment::layout::LayoutDiff;

/// Why a consumer could not attach. Nothing is left behind, and nothing is lost by trying again.
#[derive(Debug)]
#[non_exhaustive]
pub enum AttachError {
    /// The location cannot be used; see `source`.
    Location(LocationError),
    /// There is no such channel, or none that a new consumer could join: a closed one is as good as gone.
    NotFound {
        /// Where.
        location: String,
        /// How long this call waited for it.
        waited: Duration,
    },
    /// The file that is there is not a segment that this program can read.
    Unreadable {
        /// Where.
        location: String,
        /// What is wrong with it.
        source: HeaderError,
    },
    /// The segment is a copy, or was left from before the machine was last started. The next `create` of the
    /// channel replaces it.
    Stale {
        /// Where.
        location: String,
    },
    /// The segment was made for other events or messages: both layouts, field by field.
    LayoutMismatch {
        /// Where.
        location: String,
        /// What differs.
        diff: Box<LayoutDiff>,
    },
    /// A consumer id has 1 to 64 bytes.
    InvalidId {
        /// How many bytes it has.
        len: usize,
    },
    /// The channel declares this consumer as lossy, and it was to be attached as one that holds the producer back.
    DeclaredLossy {
        /// The id.
        id: String,
    },
    /// A live consumer has this id.
    IdInUse {
        /// The id.
        id: String,
        /// Its process, in the pid namespace that it runs in; `None` while it starts.
        pid: Option<u32>,
    },
    /// Only consumers that the channel declares, or its producer requires, may attach to it and hold its producer back.
    NotDeclared {
        /// The id.
        id: String,
        /// Those that may. Lossy ones attach in another way, and are not among them.
        declared: Vec<String>,
    },
    /// `Start::Resume` was asked for, and the channel does not know this id.
    NotKnown {
        /// The id.
        id: String,
    },
    /// All entries of the registry belong to consumers that live or whose places are kept.
    NoFreeEntry {
        /// How many entries there are.
        max_consumers: u32,
    },
    /// This consumer was away for too long: it was let go, or what it would read next is overwritten.
    Evicted {
        /// The id.
        id: String,
        /// The sequence at which it stopped.
        at: u64,
        /// How many events or messages it missed from there on, at least.
        missed: u64,
        /// What happened to it last, as far as that is known, the oldest first: when it died, and who let it go.
        last: Vec<LifecycleRecord>,
    },
    /// The sequence that was asked for is overwritten, or about to be.
    Gone {
        /// What was asked for.
        at: u64,
        /// How many events or messages are missing from there on.
        missed: u64,
        /// The oldest that can be had.
        oldest: u64,
    },
    /// The sequence that was asked for is not published yet.
    Ahead {
        /// What was asked for.
        at: u64,
        /// The next one to be published.
        published: u64,
    },
    /// A cursor of the segment makes no sense: another program wrote to it.
    Implausible {
        /// Where.
        location: String,
        /// Which cursor.
        what: &'static str,
        /// What was found.
        found: u64,
    },
    /// Other processes kept changing what this one tried to join.
    Contended {
        /// Where.
        location: String,
    },
    /// The calling thread could not be pinned to a core.
    Pin {
        /// The core.
        core: usize,
        /// What the system says.
        source: io::Error,
    },
    /// The operating system refused; see `source`.
    Os {
        /// Where.
        location: String,
        /// What was tried, such as "map".
        what: &'static str,
        /// What the system says.
        source: io::Error,
    },
}

impl From<LocationError> for AttachError {
    fn from(error: LocationError) -> Self {
        Self::Location(error)
    }
}

impl fmt::Display for AttachError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Location(error) => error.fmt(f),
            Self::NotFound { location, waited: Duration::ZERO } => write!(
                f,
                "there is no channel {location} to join; start its producer first, or let this call wait for it \
                 with `attach_timeout`"
            ),
            Self::NotFound { location, waited } => {
                write!(
                    f,
                    "no channel {location} appeared within {waited:?}; does its producer run, under this user?"
                )
            }
            Self::Unreadable { location, source } => {
                write!(f, "{location}: {source}; is it another program's file, or an older build's?")
            }
            Self::Stale { location } => write!(
                f,
                "{location} is a copy of a segment, or from before this machine was started; start its producer, \
                 which replaces it"
            ),
            Self::LayoutMismatch { location, diff } => write!(
                f,
                "channel {location} carries something else than this program was compiled for; build both from the \
                 same definition\n{diff}"
            ),
            Self::InvalidId { len } => {
                write!(f, "a consumer id has 1 to 64 bytes, and this one has {len}; choose another")
            }
            Self::DeclaredLossy { id } => write!(
                f,
                "the channel declares {id:?} as lossy, and attached by its id a consumer holds the producer back; attach it \
                 with the function that is called after it or with `lossy(at)`, or choose another id"
            ),
            Self::IdInUse { id, pid } => write!(
                f,
                "a live consumer has the id {id:?} ({}); stop that one first, or choose another id",
                Pid(*pid)
            ),
            Self::NotDeclared { id, declared } => write!(
                f,
                "the channel does not declare a consumer {id:?}; those that may attach are {}, and to read without holding \
                 the producer back, anybody with `lossy(at)`",
                Ids(declared)
            ),
            Self::NotKnown { id } => write!(
                f,
                "the channel does not know a consumer {id:?}, so there is nothing to resume; attach without a start, \
                 or at `Start::Latest` or `Start::Oldest`"
            ),
            Self::NoFreeEntry { max_consumers } => write!(
                f,
                "all {max_consumers} consumer entries are taken; raise `max_consumers` of the channel, or stop a \
                 consumer"
            ),
            Self::Evicted { id, at, missed, last } => {
                write!(
                    f,
                    "consumer {id:?} was let go at sequence {at} and missed at least {missed}; attach again with an \
                     explicit start, `Start::Oldest` for what is left"
                )?;
                last.iter().try_for_each(|record| write!(f, "\n  {record}"))
            }
            Self::Gone { at, missed, oldest } => write!(
                f,
                "sequence {at} is overwritten, {missed} are missing from there on; the oldest to be had is {oldest}"
            ),
            Self::Ahead { at, published } => write!(
                f,
                "sequence {at} is not published yet, the next one is {published}; use `Start::Latest` to begin there"
            ),
            Self::Implausible { location, what, found } => write!(
                f,
                "channel {location} is damaged: {what} is {found}, which none of its ends wrote; create it anew"
            ),
            Self::Contended { location } => write!(
                f,
                "channel {location} kept changing while this process tried to join it; is something restarting in a \
                 loop?"
            ),
            Self::Pin { core, source } => {
                write!(
                    f,
                    "cannot pin the thread to core {core}: {source}; choose one that this process may use"
                )
            }
            Self::Os { location, what, source } => write!(f, "cannot {what} channel {location}: {source}"),
        }
    }
}

impl Error for AttachError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            // Printed as it is, so its cause is ours.
            Self::Location(error) => error.source(),
            Self::Unreadable { source, .. } => Some(source),
            Self::Pin { source, .. } | Self::Os { source, .. } => Some(source),
            _ => None,
        }
    }
}
