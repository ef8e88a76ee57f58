//! An open file of our own, which no forked child keeps.

use core::time::Duration;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use super::{Claim, Quiet, generation, install};
use crate::os::{lock, process};

/// For how long a description is opened anew because forks overlap, before giving up. One fork of a large
/// process takes tens of milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);
/// The pause between two tries.
const PAUSE: Duration = Duration::from_micros(50);

/// A file description that belongs to this process alone: what locks are taken on (L2).
///
/// A forked child gets a descriptor of the same number that leads to nothing. Dropping it in the process that
/// opened it gives back its locks, also if a process just being spawned still shares the description; unmap
/// what was mapped through it before. Dropping a child's copy does nothing to the parent's.
pub(crate) struct Description {
    claim: Claim,
    fd: OwnedFd,
    generation: u32,
    pid: u32,
}

impl Description {
    /// Takes a file that `open` has just opened through a **new** description, not a duplicate.
    ///
    /// `open` is called again if the process forked meanwhile: the child may have what it returned before.
    ///
    /// # Errors
    /// Those of `open`; `ResourceBusy` if the process does nothing but fork for ten seconds.
    pub(crate) fn open(mut open: impl FnMut() -> io::Result<OwnedFd>) -> io::Result<Self> {
        install()?;
        let claim = Claim::new();
        let mut deadline = None;
        loop {
            if let Some(quiet) = Quiet::begin() {
                let fd = open()?;
                claim.file(fd.as_raw_fd());
                if quiet.held() {
                    return Ok(Self { claim, fd, generation: generation(), pid: process::pid() });
                }
                claim.nothing();
            }
            let now = process::now_ns();
            if now > *deadline.get_or_insert(now + PATIENCE.as_nanos() as u64) {
                let text = "this process forks all the time; open channels while it does not";
                return Err(io::Error::new(io::ErrorKind::ResourceBusy, text));
            }
            process::nap(PAUSE);
        }
    }

    /// Whether this is the process that opened it, and not a child of that one.
    pub(crate) fn is_ours(&self) -> bool {
        // The process id too: a bare system call forks without running any handler.
        self.generation == generation() && self.pid == process::pid()
    }
}

#[cfg(test)]
impl Description {
    /// Ends as a crash does: nothing is given back by hand.
    pub(crate) fn crash(self) {
        let this = core::mem::ManuallyDrop::new(self);
        this.claim.nothing();
        // SAFETY: moved out once; what is left behind is never dropped.
        drop(unsafe { core::ptr::read(&raw const this.fd) });
    }
}

impl AsFd for Description {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl core::fmt::Debug for Description {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("Description").field(&self.fd).finish()
    }
}

impl Drop for Description {
    fn drop(&mut self) {
        if self.is_ours() {
            // Fails only for a file that takes no locks.
            let _ = lock::unlock_all(&self.fd);
        }
        // Before the number is free for others: a child would take theirs away.
        self.claim.nothing();
    }
}
