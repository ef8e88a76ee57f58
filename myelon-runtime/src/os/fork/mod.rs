//! What a forked child must not keep (design, L2).
//!
//! `fork` copies descriptors and mappings, and with them what keeps a lock held. A child that kept them would
//! make its dead parent look alive for ever, and its copies of a producer or consumer would write into a ring
//! that is not its own. So a handler that the C library runs in every forked child, before anything else there:
//! - counts up [`generation`], by which every end sees that it is a copy and refuses to work;
//! - replaces each registered descriptor by one that can neither lock nor read. The number stays taken, so
//!   that closing it later closes nothing of somebody else's;
//! - covers each registered mapping: with memory that faults, and with zero pages of the child's own over the
//!   few pages that an end touches when it is dropped ([`Map::keep_in_child`](super::map::Map::keep_in_child)).
//!
//! The handler runs in a copy of a process whose other threads are gone in the middle of whatever they did: it
//! takes no lock, allocates nothing, and walks a list that only ever grows.
//!
//! # Invariants
//! - **F1** A node of the list is never freed. One [`Claim`](nodes::Claim) at a time owns it, and only its
//!   owner changes it; in a forked child only the handler does, until it returns.
//! - **F2** A file description that is or may be locked is in the list before it is locked, and no fork
//!   overlapped opening and registering it: [`Description::open`] counts forks before and after, and opens
//!   another if they differ. So no child keeps a descriptor that the list does not name.
//! - **F3** An address range is in the list from before a file is mapped there until just before it is
//!   unmapped: what a child finds in the list was mapped by us, or is a hole where our mapping was.
//!
//! Not seen by the handler: processes made by the bare system call, and the moment between `fork` and `exec`
//! in `posix_spawn` (which std's `Command` uses), where close-on-exec ends the descriptors soon after.

mod description;
mod nodes;

use core::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering};
use std::io;
use std::os::fd::{AsRawFd, IntoRawFd};
use std::path::Path;

pub(crate) use description::Description;
pub(super) use nodes::{Claim, Range};

/// How many forks lie between this process and the one that loaded the program.
static GENERATION: AtomicU32 = AtomicU32::new(0);
/// Forks begun and forks done in this process (F2).
static BEGUN: AtomicU32 = AtomicU32::new(0);
static DONE: AtomicU32 = AtomicU32::new(0);
/// The descriptor that replaces others in a child; -1 until the handler is installed.
static NOTHING: AtomicI32 = AtomicI32::new(-1);
static INSTALLED: AtomicBool = AtomicBool::new(false);

/// Which process this is in a line of forks: differs from what an end remembers if the end is a copy.
#[inline]
pub(crate) fn generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}

/// Installs the handlers once. Two threads may both do it, which costs a second walk per fork: a lock here
/// could be left locked in a child.
pub(super) fn install() -> io::Result<()> {
    if INSTALLED.load(Ordering::Acquire) {
        return Ok(());
    }
    // A bare path handle: it takes no lock, reads nothing, and works where there is no /dev.
    let nothing = super::fd::open_directory(None, Path::new("/"), true)?;
    if NOTHING.compare_exchange(-1, nothing.as_raw_fd(), Ordering::Relaxed, Ordering::Relaxed).is_ok() {
        let _ = nothing.into_raw_fd(); // kept open for good
    }
    // SAFETY: the three are functions of this crate, good for as long as it is loaded; glibc and musl drop
    // the handlers of a library that is unloaded.
    let code = unsafe { libc::pthread_atfork(Some(before), Some(after_in_parent), Some(after_in_child)) };
    if code != 0 {
        return Err(io::Error::from_raw_os_error(code));
    }
    // PAIR(handlers): acquired above.
    INSTALLED.store(true, Ordering::Release);
    Ok(())
}

extern "C" fn before() {
    BEGUN.fetch_add(1, Ordering::SeqCst);
}

extern "C" fn after_in_parent() {
    DONE.fetch_add(1, Ordering::SeqCst);
}

extern "C" fn after_in_child() {
    // Forks that other threads had begun do not go on here.
    let begun = BEGUN.load(Ordering::SeqCst);
    if DONE.swap(begun, Ordering::SeqCst) == begun {
        return; // installed twice, and the first one did it all
    }
    GENERATION.fetch_add(1, Ordering::Relaxed);
    nodes::give_up_all(NOTHING.load(Ordering::Relaxed));
}

/// A stretch of code during which no fork may happen, or it is done again (F2).
struct Quiet(u32);

impl Quiet {
    /// `None` while a fork is under way.
    fn begin() -> Option<Self> {
        let done = DONE.load(Ordering::SeqCst);
        (BEGUN.load(Ordering::SeqCst) == done).then_some(Self(done))
    }

    /// Whether no fork began since. What was stored before, sequentially consistent, is then in every child of
    /// a later fork.
    fn held(&self) -> bool {
        BEGUN.load(Ordering::SeqCst) == self.0
    }
}

#[cfg(test)]
mod tests;
