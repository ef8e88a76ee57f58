//! A location that child processes can open.

use core::fmt;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use super::{DESCRIPTOR_PREFIX, Kind, Location, LocationError};
use crate::os::fd;

/// A location to hand to child processes, as the text that it prints.
///
/// While it lives, every process that this one starts inherits the descriptor in it, if there is one.
#[derive(Debug)]
pub struct InheritableLocation(Form);

#[derive(Debug)]
enum Form {
    /// Says it all by itself.
    Text(String),
    /// Not close-on-exec.
    Descriptor(OwnedFd),
}

impl InheritableLocation {
    pub(super) fn new(location: &Location) -> Result<Self, LocationError> {
        Ok(Self(match &location.0 {
            Kind::Name(_) | Kind::File(_) => Form::Text(location.to_string()),
            Kind::Descriptor(descriptor, _) => {
                Form::Descriptor(fd::inheritable(descriptor.as_fd()).map_err(|source| LocationError::Os {
                    what: "duplicate the descriptor",
                    path: location.to_string().into(),
                    source,
                })?)
            }
        }))
    }

    /// The descriptor that children inherit; `None` for a location that has a name.
    pub fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        match &self.0 {
            Form::Text(_) => None,
            Form::Descriptor(fd) => Some(fd.as_fd()),
        }
    }
}

impl fmt::Display for InheritableLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Text(text) => f.write_str(text),
            Form::Descriptor(fd) => write!(f, "{DESCRIPTOR_PREFIX}{}", fd.as_raw_fd()),
        }
    }
}
