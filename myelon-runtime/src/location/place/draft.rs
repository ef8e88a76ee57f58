//! Making a file for a place: complete before anybody can find it (design promise P4).

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

use super::super::temporary::Temporary;
use super::{Place, Spot, no_name};
use crate::os::facts::FileFacts;
use crate::os::fd;
use crate::os::fork::Description;
use crate::os::lock::{LockByte, try_lock};

/// How many temporary names are tried. Each failure is somebody else's success or left over by a dead process.
const TRIES: u32 = 100;

/// A new file that nobody can find yet, or what its creator made of it. Dropping it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Draft<F = Description> {
    /// Where the file system has no unnamed files. Removed while `file` still holds its lock.
    temporary: Option<Temporary>,
    file: F,
}

impl<F> Draft<F> {
    /// The file, to be kept open by its creator.
    pub(crate) fn into_file(self) -> F {
        self.file
    }

    /// Makes something of the file that keeps it open, while nobody can find it yet.
    pub(crate) fn with<G, E>(self, make: impl FnOnce(F) -> Result<G, E>) -> Result<Draft<G>, E> {
        let Self { temporary, file } = self;
        Ok(Draft { file: make(file)?, temporary })
    }
}

impl<F: AsFd> AsFd for Draft<F> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

impl Place {
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

    pub(super) fn create_temporary(&self) -> io::Result<Draft> {
        self.with_temporary(|dir, temporary| {
            drop(fd::create_new(dir, temporary)?);
            crate::sync::point!("temporary: made");
            // A sweep may find it from here on, until it is locked.
            let gone = || io::Error::from(io::ErrorKind::AlreadyExists);
            let file =
                Description::open(|| fd::open_existing(Some(dir), temporary, true)).map_err(|_| gone())?;
            let locked = try_lock(&file, LockByte::Producer)?;
            crate::sync::point!("temporary: locked");
            // L5: looked at once the lock is held, and not before.
            let ours = FileFacts::of(&file)?;
            let named = FileFacts::of_name(dir, temporary)?;
            if locked && named.is_some_and(|facts| facts.same_file(&ours)) { Ok(file) } else { Err(gone()) }
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
    pub(crate) fn publish<F: AsFd>(&self, draft: &mut Draft<F>) -> io::Result<()> {
        let Spot::Named { dir, name, .. } = &self.0 else { return Ok(()) };
        match &draft.temporary {
            None => fd::link_into(dir.as_fd(), draft.as_fd(), Path::new(name)),
            Some(temporary) => {
                fd::rename_new(dir.as_fd(), temporary.name(), Path::new(name))?;
                crate::sync::point!("temporary: renamed");
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
    pub(crate) fn publish_over<F: AsFd>(&self, draft: &mut Draft<F>) -> io::Result<()> {
        let Spot::Named { dir, name, .. } = &self.0 else { return Err(no_name()) };
        let temporary = match draft.temporary.take() {
            Some(temporary) => temporary,
            // A kill in between leaves a temporary name, which a sweep finds unlocked.
            None => self.with_temporary(|dir, temporary| fd::link_into(dir, draft.as_fd(), temporary))?.1,
        };
        crate::sync::point!("replace: two names");
        fd::rename_over(dir.as_fd(), temporary.name(), Path::new(name))?;
        crate::sync::point!("replace: renamed");
        temporary.forget();
        Ok(())
    }
}
