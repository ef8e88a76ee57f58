//! Where a channel's bytes come from: a name in shared memory, a file, or memory without a name.
//!
//! A [`Location`] is what a person writes down and hands around; a `place::Place` is the same, opened: the
//! directory and the name in it. Both yield open files and nothing else. What is in the files, and what
//! happens after they are open, is the same for all of them.

mod directory;
mod error;
mod inherit;
mod name;
pub(crate) mod place;
mod temporary;

use core::fmt;
use core::str::FromStr;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::PathBuf;
use std::sync::Arc;

pub use error::{DirectoryProblem, LocationError};
pub use inherit::InheritableLocation;

pub use crate::os::FileKind;
use crate::os::facts::FileFacts;
use crate::os::fd;

/// What a path or name looks like as text, so that any location can be told on a command line.
pub(crate) const FILE_PREFIX: &str = "file:";
pub(crate) const DESCRIPTOR_PREFIX: &str = "fd:";

/// Where a channel lives.
///
/// | made by | lives in | printed and parsed as |
/// |---|---|---|
/// | [`Location::name`] | shared memory of this user, until the last one leaves | `ticks` |
/// | [`Location::file`] | a file, which containers can share and which outlives its users | `file:/data/ticks` |
/// | [`Location::anonymous`], [`Location::from_fd`] | memory without a name, for threads and child processes | `fd:7` |
///
/// Text that [`Display`](fmt::Display) printed parses back to the same place, except that `fd:` numbers mean
/// something only in the same process, or in a child that was handed an [`InheritableLocation`]; and that
/// paths which are not Unicode are printed with replacement characters.
#[derive(Clone, Debug)]
pub struct Location(pub(crate) Kind);

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A checked name in shared memory.
    Name(Arc<str>),
    File(PathBuf),
    /// An open file, and what it is.
    Descriptor(Arc<OwnedFd>, FileFacts),
}

impl Location {
    /// A name in shared memory: any text of any length without `/` and NUL.
    ///
    /// Names of letters, digits, `.`, `_` and `-`, up to 150 of them and not starting with a dot, can be seen as
    /// they are in `/dev/shm/myelon-<user id>/`; others are seen there as a readable part and a hash.
    ///
    /// # Errors
    /// `NameEmpty`, `NameHasSlash`, `NameHasNul`, and `NameReserved` for text that would be read as another
    /// kind of location.
    pub fn name(name: &str) -> Result<Self, LocationError> {
        name::check(name)?;
        Ok(Self(Kind::Name(name.into())))
    }

    /// A file at any path. Its directory must exist; a symbolic link as its last part is refused when used.
    ///
    /// On a file system that writes copies instead of in place (btrfs, ZFS) the memory that `create` reserves is
    /// not certain: a full disk can still end a process there. tmpfs, ext4 and XFS keep the promise.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Kind::File(path.into()))
    }

    /// New memory without a name, which lives as long as this value, its clones and the channel's ends.
    ///
    /// Clones of this value are the only way to it, and [`to_inheritable`](Self::to_inheritable) for children.
    ///
    /// # Errors
    /// `Os` if the process has no descriptor left, or the system no memory.
    pub fn anonymous() -> Result<Self, LocationError> {
        let memory = fd::memfd("myelon", false).map_err(|source| LocationError::Os {
            what: "make memory without a name",
            path: "memfd".into(),
            source,
        })?;
        Self::from_fd(memory)
    }

    /// An open file, such as one received from another process.
    ///
    /// # Errors
    /// `BadDescriptor` unless it is a regular file.
    pub fn from_fd(fd: OwnedFd) -> Result<Self, LocationError> {
        let text = || format!("{DESCRIPTOR_PREFIX}{}", fd.as_raw_fd());
        let facts = FileFacts::of(&fd)
            .map_err(|source| LocationError::BadDescriptor { text: text(), source: Some(source) })?;
        if facts.kind != FileKind::Regular {
            return Err(LocationError::NotARegularFile { path: text().into(), kind: facts.kind });
        }
        Ok(Self(Kind::Descriptor(Arc::new(fd), facts)))
    }

    /// The location in a form that child processes can use: give one its text, and the child parses that.
    ///
    /// For memory without a name this is a descriptor that is *not* closed by `exec`: every child started while
    /// the value lives inherits it. Drop it once the children are started.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let location = myelon_runtime::location::Location::anonymous()?;
    /// let inheritable = location.to_inheritable()?;
    /// std::process::Command::new("consumer").arg(inheritable.to_string()).spawn()?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// `Os` if the process has no descriptor left.
    pub fn to_inheritable(&self) -> Result<InheritableLocation, LocationError> {
        InheritableLocation::new(self)
    }
}

impl PartialEq for Location {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Kind::Name(a), Kind::Name(b)) => a == b,
            (Kind::File(a), Kind::File(b)) => a == b,
            (Kind::Descriptor(_, a), Kind::Descriptor(_, b)) => a.same_file(b),
            _ => false,
        }
    }
}

impl Eq for Location {}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Name(name) => f.write_str(name),
            Kind::File(path) => write!(f, "{FILE_PREFIX}{}", path.display()),
            Kind::Descriptor(fd, _) => write!(f, "{DESCRIPTOR_PREFIX}{}", fd.as_raw_fd()),
        }
    }
}

impl FromStr for Location {
    type Err = LocationError;

    /// Reads what `Display` prints: a name, `file:<path>` or `fd:<number>`.
    ///
    /// A descriptor is opened anew; the number itself stays open, and is the caller's.
    fn from_str(text: &str) -> Result<Self, LocationError> {
        if let Some(path) = text.strip_prefix(FILE_PREFIX) {
            return Ok(Self::file(path));
        }
        let Some(number) = text.strip_prefix(DESCRIPTOR_PREFIX) else { return Self::name(text) };
        let bad = |source| LocationError::BadDescriptor { text: text.into(), source };
        // A sign or a blank is no number of a descriptor.
        let number = number.parse().ok().filter(|_| number.bytes().all(|b| b.is_ascii_digit()));
        let number = number.ok_or_else(|| bad(None))?;
        Self::from_fd(fd::reopen_number(number, true).map_err(|source| bad(Some(source)))?)
    }
}

/// What can be given where a location is asked for: text as [`Location`] parses it, or a `Location`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a location",
    label = "expected a name or a `Location`",
    note = "text is a name in shared memory; a path is given as `Location::file(path)`"
)]
pub trait IntoLocation {
    /// The location that is meant.
    ///
    /// # Errors
    /// As [`Location::from_str`].
    fn into_location(self) -> Result<Location, LocationError>;
}

impl IntoLocation for Location {
    fn into_location(self) -> Result<Location, LocationError> {
        Ok(self)
    }
}

impl IntoLocation for &Location {
    fn into_location(self) -> Result<Location, LocationError> {
        Ok(self.clone())
    }
}

impl IntoLocation for &str {
    fn into_location(self) -> Result<Location, LocationError> {
        self.parse()
    }
}

impl IntoLocation for String {
    fn into_location(self) -> Result<Location, LocationError> {
        self.parse()
    }
}

impl IntoLocation for &String {
    fn into_location(self) -> Result<Location, LocationError> {
        self.parse()
    }
}

#[cfg(test)]
mod tests;
