//! The list that the fork handler walks: what this process must not hand down to a child.

use core::ptr;
use core::sync::atomic::{AtomicI32, AtomicPtr, AtomicU32, AtomicUsize, Ordering};
use std::os::fd::{BorrowedFd, FromRawFd, OwnedFd, RawFd};

use core::mem::ManuallyDrop;
use rustix::io::DupFlags;
use rustix::mm::{MapFlags, MprotectFlags, ProtFlags, mmap_anonymous, mprotect, munmap};

/// How many ranges of one mapping a child may keep as zero pages.
const KEPT: usize = 4;

// What a node stands for.
const FREE: u32 = 0;
/// Owned, and nothing to do in a child.
const IDLE: u32 = 1;
/// A descriptor.
const FILE: u32 = 2;
/// An address range that a child inherits.
const INHERITED: u32 = 3;
/// An address range that is a hole in a child.
const HOLE: u32 = 4;
/// An address range that this process covered, being a child.
const COVERED: u32 = 5;
/// An address range that this process lost to other code, being a child: hands off.
const LOST: u32 = 6;

#[repr(align(128))] // in one page, so that a fork copies it in one moment
struct Node {
    /// Set before the node is in the list, never changed.
    next: AtomicPtr<Node>,
    state: AtomicU32,
    fd: AtomicI32,
    base: AtomicUsize,
    len: AtomicUsize,
    /// Pairs of address and length; length 0 is unused.
    kept: [(AtomicUsize, AtomicUsize); KEPT],
}

static FIRST: AtomicPtr<Node> = AtomicPtr::new(ptr::null_mut());

fn each() -> impl Iterator<Item = &'static Node> {
    let mut at = FIRST.load(Ordering::Acquire);
    core::iter::from_fn(move || {
        // SAFETY: F1: null, or a node that was leaked and complete before it became reachable.
        let node = unsafe { at.as_ref() }?;
        at = node.next.load(Ordering::Relaxed);
        Some(node)
    })
}

/// One node, owned. Dropping it frees the node for others and leaves what it named alone.
pub(in crate::os) struct Claim(&'static Node);

/// An address range in a mapping.
#[derive(Clone, Copy)]
pub(in crate::os) struct Range {
    pub(in crate::os) base: usize,
    pub(in crate::os) len: usize,
}

impl Claim {
    pub(in crate::os) fn new() -> Self {
        let free = each().find(|node| {
            node.state.compare_exchange(FREE, IDLE, Ordering::Acquire, Ordering::Relaxed).is_ok()
        });
        Self(free.unwrap_or_else(grow))
    }

    /// A child gives up this descriptor.
    pub(super) fn file(&self, fd: RawFd) {
        self.0.fd.store(fd, Ordering::Relaxed);
        self.0.state.store(FILE, Ordering::SeqCst); // F2: ordered against the count of forks
    }

    /// Nothing to do in a child from now on.
    pub(in crate::os) fn nothing(&self) {
        self.0.state.store(IDLE, Ordering::SeqCst);
    }

    /// A child covers this range, which it inherits.
    pub(in crate::os) fn inherited(&self, range: Range) {
        for (_, len) in &self.0.kept {
            len.store(0, Ordering::Relaxed);
        }
        self.0.base.store(range.base, Ordering::Relaxed);
        self.0.len.store(range.len, Ordering::Relaxed);
        self.0.state.store(INHERITED, Ordering::SeqCst);
    }

    /// A child finds a hole in place of the range.
    pub(in crate::os) fn hole(&self) {
        self.0.state.store(HOLE, Ordering::SeqCst);
    }

    /// A child gets zero pages of its own in this part of the range. False: that is one part too many.
    pub(in crate::os) fn keep(&self, part: Range) -> bool {
        let Some((base, len)) = self.0.kept.iter().find(|(_, len)| len.load(Ordering::Relaxed) == 0) else {
            return false;
        };
        base.store(part.base, Ordering::Relaxed);
        len.store(part.len, Ordering::SeqCst);
        true
    }

    /// Whether this process is a forked child whose handler covered the range.
    pub(in crate::os) fn covered(&self) -> bool {
        self.0.state.load(Ordering::Relaxed) == COVERED
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // PAIR(node): acquired in `Claim::new`.
        self.0.state.store(FREE, Ordering::Release);
    }
}

fn grow() -> &'static Node {
    let node: &'static Node = Box::leak(Box::new(Node {
        next: AtomicPtr::new(ptr::null_mut()),
        state: AtomicU32::new(IDLE),
        fd: AtomicI32::new(-1),
        base: AtomicUsize::new(0),
        len: AtomicUsize::new(0),
        kept: [const { (AtomicUsize::new(0), AtomicUsize::new(0)) }; KEPT],
    }));
    let mut first = FIRST.load(Ordering::Relaxed);
    loop {
        node.next.store(first, Ordering::Relaxed);
        // PAIR(node): acquired in `each`.
        let pushed = FIRST.compare_exchange_weak(
            first,
            ptr::from_ref(node).cast_mut(),
            Ordering::Release,
            Ordering::Relaxed,
        );
        match pushed {
            Ok(_) => return node,
            Err(now) => first = now,
        }
    }
}

/// In a forked child, before anything else runs there. Only system calls and atomics: see the module `fork`.
pub(super) fn give_up_all(nothing: RawFd) {
    for node in each() {
        match node.state.load(Ordering::Acquire) {
            FILE => {
                replace(node.fd.load(Ordering::Relaxed), nothing);
                // What the number leads to now may be handed down further.
                node.state.store(IDLE, Ordering::Relaxed);
            }
            state @ (INHERITED | HOLE) => {
                let covered = if cover(node, state) { COVERED } else { LOST };
                node.state.store(covered, Ordering::Relaxed);
            }
            _ => {}
        }
    }
}

/// Makes `fd` lead to nothing. If that fails, the child keeps what it inherited: closing the number instead
/// could let its owner close somebody else's file later.
fn replace(fd: RawFd, nothing: RawFd) {
    if fd < 0 || nothing < 0 {
        return;
    }
    // SAFETY: opened by `install` and never closed by us; not negative. If other code closed it, the call
    // below fails or duplicates something harmless.
    let nothing = unsafe { BorrowedFd::borrow_raw(nothing) };
    // SAFETY: not negative. Its owner holds it as an `OwnedFd`; this second one is never dropped, and what it
    // does to the number is the purpose of the node (F1: only this handler runs).
    let mut fd = ManuallyDrop::new(unsafe { OwnedFd::from_raw_fd(fd) });
    let _ = rustix::io::dup3(nothing, &mut fd, DupFlags::CLOEXEC);
}

/// Covers the range with memory that faults, and the kept parts of it with zero pages.
fn cover(node: &Node, state: u32) -> bool {
    let base = node.base.load(Ordering::Relaxed);
    let len = node.len.load(Ordering::Relaxed);
    let at = ptr::without_provenance_mut(base);
    let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
    // SAFETY: does not touch what is mapped already; where the flag is unknown, it maps elsewhere.
    let hole = unsafe { mmap_anonymous(at, len, ProtFlags::empty(), flags | MapFlags::FIXED_NOREPLACE) };
    let covered = match hole {
        Ok(found) if found == at => true,
        // Another fork handler mapped something into the hole, and the memory is its own now.
        Err(_) if state == HOLE => false,
        taken => {
            if let Ok(elsewhere) = taken {
                // SAFETY: mapped by the call above, and known to nobody.
                let _ = unsafe { munmap(elsewhere, len) };
            }
            // SAFETY: F3: what is there is our own mapping, caught before the kernel was told not to hand it
            // down; or a hole, of which an old kernel cannot say whether an earlier handler filled it.
            let forced = unsafe { mmap_anonymous(at, len, ProtFlags::empty(), flags | MapFlags::FIXED) };
            forced.is_ok()
        }
    };
    if covered {
        for (base, len) in &node.kept {
            let len = len.load(Ordering::Relaxed);
            let part = ptr::without_provenance_mut(base.load(Ordering::Relaxed));
            if len != 0 {
                // SAFETY: a part of the range (checked by `Map::keep_in_child`), which is private memory of
                // this process since the call above.
                let _ = unsafe { mprotect(part, len, MprotectFlags::READ | MprotectFlags::WRITE) };
            }
        }
    }
    covered
}

#[cfg(test)]
pub(super) fn count() -> usize {
    each().count()
}
