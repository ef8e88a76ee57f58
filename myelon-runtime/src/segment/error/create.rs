//! Why a channel could not be created.

use core::fmt;
use core::time::Duration;
use std::error::Error;
use std::io;

use super::Pid;
use crate::liveness::Ids;
use crate::location::LocationError;
use crate::segment::geometry::{MAX_CAPACITY, MAX_CONSUMERS};
use crate::segment::header::HeaderError;

/// Why a producer could not be created. Nothing is left behind, and nothing that was there is changed.
#[derive(Debug)]
#[non_exhaustive]
pub enum CreateError {
    /// The location cannot be used; see `source`.
    Location(LocationError),
    /// A live producer has this channel.
    AlreadyExists {
        /// Where.
        location: String,
        /// The process of that producer, in the pid namespace that it runs in; `None` while it starts.
        pid: Option<u32>,
    },
    /// The file that is there is not a segment that could be gone on with, and might be something of value.
    Unreadable {
        /// Where.
        location: String,
        /// What is wrong with it.
        source: HeaderError,
    },
    /// Memory without a name holds a channel that could only be replaced, which needs a name.
    CannotReplace {
        /// Where.
        location: String,
    },
    /// The capacity is not a power of two between 1 and 2^32.
    InvalidCapacity {
        /// What was given.
        given: u64,
        /// The next one that would do, if there is one.
        next: Option<u64>,
    },
    /// The number of consumers is not between 1 and 4096.
    InvalidMaxConsumers {
        /// What was given.
        given: u32,
    },
    /// More consumers are required than can be attached.
    TooManyRequired {
        /// How many are required.
        required: usize,
        /// How many entries the registry has.
        max_consumers: u32,
    },
    /// The id of a required consumer has not 1 to 64 bytes.
    InvalidId {
        /// The id.
        id: String,
    },
    /// The channel declares this consumer as lossy, so it never attaches as one that holds the producer back, and the
    /// producer would wait for it for ever.
    DeclaredLossy {
        /// The id.
        id: String,
    },
    /// All entries of the registry belong to others that live or whose places are kept, so none can be kept for this
    /// required consumer.
    NoPlace {
        /// The id.
        id: String,
        /// How many entries there are.
        max_consumers: u32,
    },
    /// The consumers that the start has to wait for were not there in time. The channel is closed again; one that was taken
    /// over is left open for the next producer.
    NotAttached {
        /// Where.
        location: String,
        /// The required ones that are not attached.
        missing: Vec<String>,
        /// How many were wanted.
        wanted: usize,
        /// How many consumers were attached when the time was up.
        attached: usize,
        /// How long was waited.
        waited: Duration,
    },
    /// The ring would be larger than any address space, or than the file system or a limit of this process allows
    /// a file to be.
    TooLarge {
        /// The capacity, in slots: events, or units of 16 bytes of messages.
        capacity: u64,
        /// Bytes from one slot to the next.
        slot_stride: u64,
    },
    /// The event's layout cannot be stored: its description has more than 64 KiB or 16 levels, or the event is
    /// aligned to more than a page.
    UnsupportedEvent {
        /// What is too much.
        what: &'static str,
    },
    /// There is not enough room for the whole segment.
    NoSpace {
        /// Where.
        location: String,
        /// Bytes that are needed.
        needed: u64,
        /// Bytes that are free, if the system says.
        free: Option<u64>,
        /// Whether it is shared memory.
        shared_memory: bool,
    },
    /// The file system cannot do what a channel needs.
    Unsupported {
        /// Where.
        location: String,
        /// What it cannot do.
        what: &'static str,
    },
    /// The published cursor of the dead producer makes no sense: another program wrote to the segment.
    Implausible {
        /// Where.
        location: String,
        /// What was found.
        published: u64,
    },
    /// Other processes kept replacing the file while this one tried to lock it.
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

impl From<LocationError> for CreateError {
    fn from(error: LocationError) -> Self {
        Self::Location(error)
    }
}

impl CreateError {
    /// What is said about required consumers, and those that the start waits for.
    fn of_the_required(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyRequired { required, max_consumers } => write!(
                f,
                "{required} consumers are required, and only {max_consumers} can be attached; raise `max_consumers` of \
                 the channel"
            ),
            Self::InvalidId { id } => {
                write!(
                    f,
                    "the id of a required consumer has 1 to 64 bytes, and {id:?} has {}; choose another",
                    id.len()
                )
            }
            Self::DeclaredLossy { id } => write!(
                f,
                "the channel declares {id:?} as lossy, so it never holds the producer back, and to require it would be to \
                 wait for ever; require others, or declare it as `required`"
            ),
            Self::NoPlace { id, max_consumers } => write!(
                f,
                "all {max_consumers} consumer entries are taken, so no place can be kept for the required consumer {id:?}; \
                 raise `max_consumers` of the channel, or stop a consumer"
            ),
            Self::NotAttached { location, missing, wanted, attached, waited } => {
                write!(
                    f,
                    "{attached} of {wanted} consumers were attached to {location} within {waited:?}; "
                )?;
                if missing.is_empty() {
                    return f.write_str("are the others started?");
                }
                write!(f, "missing: {}; are they started?", Ids(missing))
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for CreateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Location(error) => error.fmt(f),
            Self::AlreadyExists { location, pid } => write!(
                f,
                "channel {location} has a live producer ({}); stop that one first, or use another name",
                Pid(*pid)
            ),
            Self::Unreadable { location, source } => {
                write!(f, "{location}: {source}; remove the file if you do not need it, or use another name")
            }
            Self::CannotReplace { location } => write!(
                f,
                "{location} holds a channel that ended or has another layout or capacity, and memory without a \
                 name cannot be replaced; make a new `Location::anonymous()`"
            ),
            Self::TooManyRequired { .. }
            | Self::InvalidId { .. }
            | Self::DeclaredLossy { .. }
            | Self::NoPlace { .. }
            | Self::NotAttached { .. } => self.of_the_required(f),
            Self::InvalidCapacity { given, next: Some(next) } => {
                write!(
                    f,
                    "{given} is no capacity of a ring, which is a power of two, and of messages 256 bytes at least; the next \
                     one is {next}"
                )
            }
            Self::InvalidCapacity { given, next: None } => {
                write!(
                    f,
                    "a capacity of {given} is too large; a ring holds at most {MAX_CAPACITY} events, or 8 GiB of messages"
                )
            }
            Self::InvalidMaxConsumers { given } => {
                write!(f, "max_consumers must be between 1 and {MAX_CONSUMERS}, and {given} is not")
            }
            Self::TooLarge { capacity, slot_stride } => write!(
                f,
                "a ring of {capacity} slots of {slot_stride} bytes is larger than a file may be here (`ulimit -f`, the \
                 file system, 64 TiB in any case); choose a smaller capacity"
            ),
            Self::UnsupportedEvent { what } => {
                write!(f, "the event {what}, which a segment cannot hold; make the type simpler")
            }
            Self::NoSpace { location, needed, free, shared_memory } => {
                write!(f, "channel {location} needs {needed} bytes")?;
                match free {
                    Some(free) => write!(f, " and {free} are free; ")?,
                    None => f.write_str(" and there is less room; ")?,
                }
                f.write_str(if *shared_memory {
                    "make /dev/shm larger (docker: --shm-size), choose a smaller capacity, or use Location::file"
                } else {
                    "free some, choose a smaller capacity, or use a file on another file system"
                })
            }
            Self::Unsupported { location, what } => write!(
                f,
                "{location} lies on a file system that {what}; use a name in shared memory, or a file on a local \
                 file system"
            ),
            Self::Implausible { location, published } => write!(
                f,
                "channel {location} cannot be gone on with: its published cursor is {published}, which no producer \
                 wrote; start anew with `.fresh()`"
            ),
            Self::Contended { location } => write!(
                f,
                "channel {location} was replaced again and again while this process tried to take it; is something \
                 restarting in a loop?"
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

impl Error for CreateError {
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
