//! A location, opened: the directory and the name in it, or the memory that has none.
//!
//! Every file that comes out is a [`Description`] of its own and was checked: a regular file that belongs to
//! this user alone and has one name. Names are used relative to a directory that was opened, and for shared
//! memory verified, once.
//!
//! What a name leads to may change at any moment. Who locked something compares afterwards, with
//! [`Place::still_names`], and starts over if it did (L5); only the holder of the producer lock on the file that
//! the name leads to calls [`Place::publish_over`] or [`Place::unlink`].

mod draft;

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) use draft::Draft;

use super::temporary::is_temporary;
use super::{DESCRIPTOR_PREFIX, FileKind, Kind, Location, LocationError, directory, name};
use crate::os::facts::FileFacts;
use crate::os::fd::{self, Space};
use crate::os::fork::Description;
use crate::os::process;

/// How many names of a directory are looked at.
const LONGEST_LIST: usize = 4096;

/// Where one channel is, or could be.
#[derive(Clone, Debug)]
pub(crate) struct Place(Spot);

#[derive(Clone, Debug)]
enum Spot {
    Named { shm: bool, dir: Arc<OwnedFd>, dir_path: Arc<Path>, name: OsString },
    Anonymous(Arc<OwnedFd>),
}

impl Place {
    /// Opens the directory of a location. That of this user's shared memory is made first if `create` says so.
    ///
    /// # Errors
    /// `Directory`; `NotFound` if there is no directory of shared memory, `IsADirectory` or `NameHasNul` for a
    /// path that cannot be a file.
    pub(crate) fn open(location: &Location, create: bool) -> Result<Self, LocationError> {
        Ok(Self(match &location.0 {
            Kind::Name(given) => {
                let (base, own) = (Path::new(directory::SHARED_MEMORY), directory::of_user());
                let file = name::portable(given);
                let dir = match directory::open_private(base, &own, create) {
                    Err(LocationError::NotFound { path }) => {
                        return Err(LocationError::NotFound { path: path.join(&*file) });
                    }
                    dir => dir?,
                };
                let (dir, dir_path) = (Arc::new(dir), base.join(own).into());
                Spot::Named { shm: true, dir, dir_path, name: OsString::from(&*file) }
            }
            Kind::File(path) => {
                if path.as_os_str().is_empty() {
                    return Err(LocationError::NameEmpty);
                }
                if path.as_os_str().as_bytes().contains(&0) {
                    return Err(LocationError::NameHasNul { name: path.display().to_string() });
                }
                let Some(name) = path.file_name() else {
                    return Err(LocationError::IsADirectory { path: path.clone() });
                };
                let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
                let parent = parent.unwrap_or(Path::new("."));
                let dir = Arc::new(directory::open(parent)?);
                Spot::Named { shm: false, dir, dir_path: parent.into(), name: name.into() }
            }
            Kind::Descriptor(fd, _) => Spot::Anonymous(Arc::clone(fd)),
        }))
    }

    /// Another name in the same directory; `None` for memory without a name.
    pub(crate) fn sibling(&self, name: &OsStr) -> Option<Self> {
        match &self.0 {
            Spot::Named { shm, dir, dir_path, .. } => Some(Self(Spot::Named {
                shm: *shm,
                dir: Arc::clone(dir),
                dir_path: Arc::clone(dir_path),
                name: name.into(),
            })),
            Spot::Anonymous(_) => None,
        }
    }

    /// Opens what is there, through a new description, and checks it.
    ///
    /// Memory without a name is always there; as long as its length is 0, nobody has made a channel in it.
    ///
    /// # Errors
    /// `NotFound` and everything that [`LocationError`] says of a file; `BadDescriptor`.
    pub(crate) fn open_existing(&self, writable: bool) -> Result<Description, LocationError> {
        let opened = Description::open(|| match &self.0 {
            Spot::Named { dir, name, .. } => fd::open_existing(Some(dir.as_fd()), Path::new(name), writable),
            Spot::Anonymous(memory) => fd::reopen(memory.as_fd(), writable),
        });
        let file = opened.map_err(|error| self.refusal(error))?;
        let facts = FileFacts::of(&file).map_err(|error| self.refusal(error))?;
        self.verify(&facts)?;
        Ok(file)
    }

    /// Whether a file is what it must be. One without a name was deleted just now, or never had one: whoever
    /// has its descriptor was given it.
    fn verify(&self, facts: &FileFacts) -> Result<(), LocationError> {
        let (path, uid) = (self.path(), process::uid());
        match facts.kind {
            FileKind::Regular => {}
            FileKind::Directory => return Err(LocationError::IsADirectory { path }),
            FileKind::SymbolicLink => return Err(LocationError::SymbolicLink { path }),
            kind => return Err(LocationError::NotARegularFile { path, kind }),
        }
        if facts.uid != uid {
            return Err(LocationError::WrongOwner { path, found: facts.uid, expected: uid });
        }
        if facts.nlink > 1 {
            return Err(LocationError::ManyLinks { path, links: facts.nlink });
        }
        if facts.nlink == 1 && facts.mode & 0o077 != 0 {
            return Err(LocationError::WrongMode { path, mode: facts.mode });
        }
        Ok(())
    }

    /// Why the system would not open it: what is there explains more than an error number.
    fn refusal(&self, error: io::Error) -> LocationError {
        let path = self.path();
        if let Spot::Anonymous(_) = &self.0 {
            return LocationError::BadDescriptor { text: path.display().to_string(), source: Some(error) };
        }
        if error.kind() == io::ErrorKind::NotFound {
            return LocationError::NotFound { path };
        }
        let explained = match self.facts_of_name() {
            Ok(Some(facts)) => self.verify(&facts),
            _ => Ok(()),
        };
        match explained {
            Err(better) => better,
            Ok(()) if error.kind() == io::ErrorKind::PermissionDenied => {
                LocationError::PermissionDenied { path, source: error }
            }
            Ok(()) => LocationError::Os { what: "open", path, source: error },
        }
    }

    /// The facts about what the name leads to now, a link not followed; `None` if to nothing. For memory
    /// without a name, those of the memory.
    pub(crate) fn facts_of_name(&self) -> io::Result<Option<FileFacts>> {
        match &self.0 {
            Spot::Named { dir, name, .. } => FileFacts::of_name(dir.as_fd(), Path::new(name)),
            Spot::Anonymous(memory) => FileFacts::of(memory).map(Some),
        }
    }

    /// Whether the name leads to this file still (L5). Always for memory without a name.
    pub(crate) fn still_names(&self, file: &FileFacts) -> io::Result<bool> {
        Ok(self.facts_of_name()?.is_some_and(|now| now.same_file(file)))
    }

    /// Removes the name. The caller holds the producer lock on the file that it leads to (L5).
    ///
    /// # Errors
    /// `NotFound`; `Unsupported` for memory without a name.
    pub(crate) fn unlink(&self) -> io::Result<()> {
        match &self.0 {
            Spot::Named { dir, name, .. } => fd::unlink(dir.as_fd(), Path::new(name)),
            Spot::Anonymous(_) => Err(no_name()),
        }
    }

    /// Names in the directory, at most 4096 of them in no order; none for memory without a name.
    pub(crate) fn list(&self) -> io::Result<Vec<OsString>> {
        match &self.0 {
            Spot::Named { dir, .. } => fd::names_in(dir.as_fd(), LONGEST_LIST),
            Spot::Anonymous(_) => Ok(Vec::new()),
        }
    }

    /// Whether a name in the directory is a temporary one: in shared memory of any channel, else of this one.
    /// If nobody locks the file, its creator is dead.
    pub(crate) fn is_leftover(&self, found: &OsStr) -> bool {
        match &self.0 {
            Spot::Named { shm: true, .. } => is_temporary(found, None),
            Spot::Named { shm: false, name, .. } => is_temporary(found, Some(name)),
            Spot::Anonymous(_) => false,
        }
    }

    /// The file name in the directory; `None` for memory without a name.
    pub(crate) fn file_name(&self) -> Option<&OsStr> {
        match &self.0 {
            Spot::Named { name, .. } => Some(name),
            Spot::Anonymous(_) => None,
        }
    }

    /// The room on the file system; `None` where it has no bound of its own.
    pub(crate) fn space(&self) -> io::Result<Option<Space>> {
        match &self.0 {
            Spot::Named { dir, .. } => fd::space(dir),
            Spot::Anonymous(memory) => fd::space(memory),
        }
    }

    /// The path, for people to read; `fd:7` for memory without a name.
    pub(crate) fn path(&self) -> PathBuf {
        match &self.0 {
            Spot::Named { dir_path, name, .. } => dir_path.join(name),
            Spot::Anonymous(memory) => format!("{DESCRIPTOR_PREFIX}{}", memory.as_raw_fd()).into(),
        }
    }

    /// Whether this is a name in shared memory, which is removed when the last one leaves, and swept.
    pub(crate) fn is_shm(&self) -> bool {
        matches!(self.0, Spot::Named { shm: true, .. })
    }

    /// Whether this is memory without a name.
    pub(crate) fn is_anonymous(&self) -> bool {
        matches!(self.0, Spot::Anonymous(_))
    }

    /// Whether a new file can take the place of an old one.
    pub(crate) fn can_replace(&self) -> bool {
        !self.is_anonymous()
    }
}

fn no_name() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, "memory without a name can be neither replaced nor removed")
}

#[cfg(test)]
mod tests;
