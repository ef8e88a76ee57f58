//! A location, opened: the directory and the name in it, or the memory that has none.
//!
//! Every file that comes out is a [`Description`] of its own and was checked: a regular file that belongs to
//! this user alone and has one name. Names are used relative to a directory that was opened, and for shared
//! memory verified, once.
//!
//! What a name leads to may change at any moment. Who locked something compares afterwards, with
//! [`Place::still_names`], and starts over if it did (L5); only the holder of the producer lock on the file that
//! the name leads to calls [`Place::publish_over`] or [`Place::unlink`].

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::temporary::{Temporary, is_temporary};
use super::{DESCRIPTOR_PREFIX, FileKind, Kind, Location, LocationError, directory, name};
use crate::os::facts::FileFacts;
use crate::os::fd::{self, Space};
use crate::os::fork::Description;
use crate::os::lock::{LockByte, try_lock};
use crate::os::process;

/// How many names of a directory are looked at.
const LONGEST_LIST: usize = 4096;
/// How many temporary names are tried. Each failure is somebody else's success or left over by a dead process.
const TRIES: u32 = 100;

/// Where one channel is, or could be.
#[derive(Clone, Debug)]
pub(crate) struct Place(Spot);

#[derive(Clone, Debug)]
enum Spot {
    Named { shm: bool, dir: Arc<OwnedFd>, dir_path: Arc<Path>, name: OsString },
    Anonymous(Arc<OwnedFd>),
}

/// A new file that nobody can find yet. Dropping it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Draft {
    /// Where the file system has no unnamed files. Removed while `file` still holds its lock.
    temporary: Option<Temporary>,
    file: Description,
}

impl Draft {
    /// The file, to be kept open by its creator.
    pub(crate) fn into_file(self) -> Description {
        self.file
    }
}

impl AsFd for Draft {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
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

    /// A new, empty file for this place that nobody can find: without a name, or, where the file system has no
    /// such files, with a temporary one whose producer byte is locked already.
    ///
    /// For memory without a name it is that memory itself, with whatever is in it.
    pub(crate) fn create_unnamed(&self) -> io::Result<Draft> {
        let Spot::Named { dir, .. } = &self.0 else {
            let file = self.open_existing(true).map_err(io::Error::other)?;
            return Ok(Draft { file, temporary: None });
        };
        let unsupported = || io::Error::from(io::ErrorKind::Unsupported);
        match Description::open(|| fd::unnamed(dir.as_fd())?.ok_or_else(unsupported)) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => self.create_temporary(),
            file => Ok(Draft { file: file?, temporary: None }),
        }
    }

    fn create_temporary(&self) -> io::Result<Draft> {
        self.with_temporary(|dir, temporary| {
            drop(fd::create_new(dir, temporary)?);
            // A sweep may find it from here on, until it is locked.
            let gone = || io::Error::from(io::ErrorKind::AlreadyExists);
            let file =
                Description::open(|| fd::open_existing(Some(dir), temporary, true)).map_err(|_| gone())?;
            let named = FileFacts::of_name(dir, temporary)?;
            let ours = FileFacts::of(&file)?;
            if try_lock(&file, LockByte::Producer)? && named.is_some_and(|facts| facts.same_file(&ours)) {
                Ok(file)
            } else {
                Err(gone())
            }
        })
        .map(|(file, temporary)| Draft { file, temporary: Some(temporary) })
    }

    /// Does something that takes a temporary name, with another one if it is taken.
    fn with_temporary<T>(
        &self,
        mut take: impl FnMut(BorrowedFd<'_>, &Path) -> io::Result<T>,
    ) -> io::Result<(T, Temporary)> {
        let Spot::Named { dir, name, .. } = &self.0 else { return Err(no_name()) };
        let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
        for _ in 0..TRIES {
            let temporary = Temporary::new(dir, name);
            match take(dir.as_fd(), temporary.name()) {
                Ok(taken) => return Ok((taken, temporary)),
                Err(error) => {
                    temporary.forget();
                    if error.kind() != io::ErrorKind::AlreadyExists {
                        return Err(error);
                    }
                    last = error;
                }
            }
        }
        Err(last)
    }

    /// Gives a complete file its name, in one step for everyone who looks.
    ///
    /// # Errors
    /// `AlreadyExists` if the name is taken; the draft is as before then.
    pub(crate) fn publish(&self, draft: &mut Draft) -> io::Result<()> {
        let Spot::Named { dir, name, .. } = &self.0 else { return Ok(()) };
        match &draft.temporary {
            None => fd::link_into(dir.as_fd(), draft.as_fd(), Path::new(name)),
            Some(temporary) => {
                fd::rename_new(dir.as_fd(), temporary.name(), Path::new(name))?;
                if let Some(renamed) = draft.temporary.take() {
                    renamed.forget();
                }
                Ok(())
            }
        }
    }

    /// Puts a complete file in the place of the one that has the name, in one step for everyone who looks.
    ///
    /// The caller holds the producer lock on both (L5).
    ///
    /// # Errors
    /// `Unsupported` for memory without a name; the draft is as before then.
    pub(crate) fn publish_over(&self, draft: &mut Draft) -> io::Result<()> {
        let Spot::Named { dir, name, .. } = &self.0 else { return Err(no_name()) };
        let temporary = match draft.temporary.take() {
            Some(temporary) => temporary,
            // A kill in between leaves a temporary name, which a sweep finds unlocked.
            None => self.with_temporary(|dir, temporary| fd::link_into(dir, draft.as_fd(), temporary))?.1,
        };
        fd::rename_over(dir.as_fd(), temporary.name(), Path::new(name))?;
        temporary.forget();
        Ok(())
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
