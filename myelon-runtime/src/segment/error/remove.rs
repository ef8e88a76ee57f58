//! Why a channel could not be removed.

use core::fmt;
use std::error::Error;
use std::io;

use super::Pid;
use crate::location::LocationError;
use crate::segment::header::HeaderError;

/// Why a channel was not removed. It is as before.
#[derive(Debug)]
#[non_exhaustive]
pub enum RemoveError {
    /// The location cannot be used, or nothing is there; see `source`.
    Location(LocationError),
    /// Somebody uses it.
    InUse {
        /// Where.
        location: String,
        /// A process that does, in the pid namespace that it runs in, if it is known.
        pid: Option<u32>,
        /// What that process is.
        what: &'static str,
    },
    /// The file is not a segment, and might be something of value.
    NotASegment {
        /// Where.
        location: String,
    },
    /// Memory without a name ends when nobody has it any more; there is nothing to remove.
    Unnamed {
        /// Where.
        location: String,
    },
    /// The operating system refused; see `source`.
    Os {
        /// Where.
        location: String,
        /// What was tried.
        what: &'static str,
        /// What the system says.
        source: io::Error,
    },
}

impl From<LocationError> for RemoveError {
    fn from(error: LocationError) -> Self {
        Self::Location(error)
    }
}

impl fmt::Display for RemoveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Location(error) => error.fmt(f),
            Self::InUse { location, pid, what } => {
                write!(f, "channel {location} is in use by {what} ({}); stop it first", Pid(*pid))
            }
            Self::NotASegment { location } => {
                write!(f, "{location}: {}; remove it by hand if you mean it", HeaderError::NotASegment)
            }
            Self::Unnamed { location } => {
                write!(f, "{location} is memory without a name; it ends with the last process that has it")
            }
            Self::Os { location, what, source } => write!(f, "cannot {what} channel {location}: {source}"),
        }
    }
}

impl Error for RemoveError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            // Printed as it is, so its cause is ours.
            Self::Location(error) => error.source(),
            Self::Os { source, .. } => Some(source),
            _ => None,
        }
    }
}
