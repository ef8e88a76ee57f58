//! Locks that the kernel holds: who is alive (design, section 4).
//!
//! They are open-file-description locks on single bytes far beyond the end of the file. Such a lock belongs to
//! the *description*, what `open` makes and `dup` and `fork` share, and it ends with the last descriptor **and
//! mapping** of that description.
//!
//! # Invariants
//! - **L1** A participant holds the lock of its byte exactly as long as it is alive: the kernel drops it
//!   however the process ends, also before it is reaped; a stopped process keeps it; it works across pid
//!   namespaces. Nothing but such a lock, seen free, may take anything away from a participant.
//! - **L2** Each participant locks through a [`Description`](super::fork::Description) of its own and makes
//!   every mapping through it: a free lock proves that no address space maps the ring on its behalf. Only the
//!   process that opened a description ever unlocks by hand.
//! - **L3** Who evicts, resumes or takes over first holds the lock of the one it acts on: [`try_lock`] returned
//!   true. [`is_held_by_other`] is for display and for deciding whether to try.
//!
//! # Where the bytes lie
//! ```text
//! 2^61 - 1           probe: do two descriptions conflict on this file system?
//! 2^61 + hash61(id)  one per consumer id
//! 2^62               the producer
//! 2^62 + 1 + entry   one per entry of the registry
//! ```
//! [`try_lock_all`] takes everything from 2^61 on: whoever gets that knows that nobody at all is alive.

use core::mem::size_of;
use std::io;
use std::os::fd::{AsFd, AsRawFd};

use libc::{F_OFD_GETLK, F_OFD_SETLK, c_int, c_short, off_t};

const _: () = assert!(size_of::<off_t>() == 8, "lock bytes lie beyond 2^61");

const ID_BASE: off_t = 1 << 61;
const PRODUCER: off_t = 1 << 62;
const PROBE: off_t = ID_BASE - 1;

/// One byte that one participant locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LockByte {
    /// The one producer.
    Producer,
    /// The holder of an entry of the registry.
    Entry(u32),
    /// The holder of a consumer id: any hash of it, of which 61 bits count.
    Id(u64),
}

impl LockByte {
    #[allow(clippy::cast_possible_wrap, reason = "61 bits fit")]
    const fn offset(self) -> off_t {
        match self {
            Self::Producer => PRODUCER,
            Self::Entry(entry) => PRODUCER + 1 + entry as off_t,
            Self::Id(hash) => ID_BASE + (hash & ((1 << 61) - 1)) as off_t,
        }
    }
}

/// A range of bytes; `len` 0 means up to the end of all files.
#[derive(Clone, Copy)]
struct Bytes {
    start: off_t,
    len: off_t,
}

const ALL: Bytes = Bytes { start: ID_BASE, len: 0 };

const fn one(start: off_t) -> Bytes {
    Bytes { start, len: 1 }
}

/// Takes the lock if nobody else has it. A lock that this description has already is taken again, once.
pub(crate) fn try_lock(fd: impl AsFd, byte: LockByte) -> io::Result<bool> {
    set(&fd, one(byte.offset()), libc::F_WRLCK)
}

/// Gives the lock back. Nothing happens if this description does not have it.
pub(crate) fn unlock(fd: impl AsFd, byte: LockByte) -> io::Result<()> {
    set(&fd, one(byte.offset()), libc::F_UNLCK).map(drop)
}

/// Whether another description holds the lock now: for display, and to save a useless try (L3).
pub(crate) fn is_held_by_other(fd: impl AsFd, byte: LockByte) -> io::Result<bool> {
    let mut found = request(one(byte.offset()), libc::F_WRLCK);
    call(&fd, F_OFD_GETLK, &mut found)?;
    Ok(found.l_type != libc::F_UNLCK as c_short)
}

/// Whether the lock is held now as a part of [all](try_lock_all) of them: not by a participant, but by somebody
/// who sweeps or removes and is done in a moment.
pub(crate) fn is_held_with_all(fd: impl AsFd, byte: LockByte) -> io::Result<bool> {
    let mut found = request(one(byte.offset()), libc::F_WRLCK);
    call(&fd, F_OFD_GETLK, &mut found)?;
    Ok(found.l_type != libc::F_UNLCK as c_short && found.l_len == ALL.len)
}

/// Takes every lock of the file at once if nobody else has any.
pub(crate) fn try_lock_all(fd: impl AsFd) -> io::Result<bool> {
    set(&fd, ALL, libc::F_WRLCK)
}

/// Gives back every lock that this description has.
pub(crate) fn unlock_all(fd: impl AsFd) -> io::Result<()> {
    set(&fd, ALL, libc::F_UNLCK).map(drop)
}

/// Whether locks of two descriptions of one file conflict, as they must for any of this to work.
///
/// Some file systems accept such locks and keep them to one machine, one mount or nobody: probe, don't list.
/// Both must be descriptions of one file which nobody else has open.
pub(crate) fn probe_conflicts(a: impl AsFd, b: impl AsFd) -> io::Result<bool> {
    let probe = one(PROBE);
    let taken = set(&a, probe, libc::F_WRLCK)?;
    let refused = !set(&b, probe, libc::F_WRLCK)?;
    set(&a, probe, libc::F_UNLCK)?;
    let released = set(&b, probe, libc::F_WRLCK)?;
    set(&b, probe, libc::F_UNLCK)?;
    Ok(taken && refused && released)
}

fn set(fd: &impl AsFd, bytes: Bytes, kind: c_int) -> io::Result<bool> {
    match call(fd, F_OFD_SETLK, &mut request(bytes, kind)) {
        Ok(()) => Ok(true),
        // Both mean "somebody else has it"; which one is up to the system.
        Err(error) if matches!(error.raw_os_error(), Some(libc::EAGAIN | libc::EACCES)) => Ok(false),
        Err(error) => Err(error),
    }
}

const fn request(bytes: Bytes, kind: c_int) -> libc::flock {
    libc::flock {
        l_type: kind as c_short,
        l_whence: libc::SEEK_SET as c_short,
        l_start: bytes.start,
        l_len: bytes.len,
        l_pid: 0, // must be 0 for locks of descriptions
    }
}

fn call(fd: &impl AsFd, command: c_int, lock: &mut libc::flock) -> io::Result<()> {
    // SAFETY: `command` is one of the two that take a `flock`; the descriptor is open and the reference good
    // for the length of the call, after which the kernel keeps neither.
    let result = unsafe { libc::fcntl(fd.as_fd().as_raw_fd(), command, core::ptr::from_mut(lock)) };
    if result == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
