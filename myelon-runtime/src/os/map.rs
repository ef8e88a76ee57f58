//! A whole file in memory, shared with every process that maps it.
//!
//! Only raw pointers come out: what lies behind them changes under every reader, and who may touch which byte
//! when is decided by the ring and the segment.

use core::ffi::c_void;
use core::fmt;
use core::ops::Range as Bytes;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicU8, Ordering};
use std::io;
use std::os::fd::AsFd;

use rustix::io::Errno;
use rustix::mm::{
    Advice, MapFlags, MprotectFlags, ProtFlags, madvise, mlock, mmap, mmap_anonymous, mprotect, munmap,
};

use super::facts::FileFacts;
use super::fd::page_size;
use super::fork::{Claim, Range, install};
use super::process;

/// The size to which mappings are aligned where they are large enough for a huge page.
const HUGE: usize = 2 << 20;
/// No unit of mapping is larger: a file system that says otherwise says nothing useful.
const LARGEST_UNIT: u64 = 1 << 30;

/// What a process may do with a part of a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Loads only: a store kills the process. What mappings begin with; only tests go back to it.
    #[cfg_attr(not(test), allow(dead_code, reason = "the tests make sure that it is what it says"))]
    Read,
    /// Loads and stores.
    ReadWrite,
}

/// A shared mapping of a whole file; a forked child does not have it. Unmapped on drop.
pub(crate) struct Map {
    base: NonNull<u8>,
    len: usize,
    /// What is mapped: `len` rounded up to the unit of the file system.
    mapped: usize,
    claim: Claim,
    pid: u32,
}

// SAFETY: an address range is no thread's own; O1 holds whichever thread drops it.
unsafe impl Send for Map {}
// SAFETY: every method that takes `&self` is a system call on the range or hands out a raw pointer; the kernel
// orders concurrent ones.
unsafe impl Sync for Map {}

impl Map {
    /// Maps the first `len` bytes of a file for loads.
    ///
    /// # Errors
    /// `InvalidInput` if `len` is 0 or more than the file has (O2); else what the system says.
    pub(crate) fn read_only(fd: impl AsFd, len: usize) -> io::Result<Self> {
        Self::new(fd, len, ProtFlags::READ)
    }

    /// Maps the first `len` bytes of a file, opened for writing, for loads and stores.
    ///
    /// # Errors
    /// As [`read_only`](Self::read_only).
    pub(crate) fn read_write(fd: impl AsFd, len: usize) -> io::Result<Self> {
        Self::new(fd, len, ProtFlags::READ | ProtFlags::WRITE)
    }

    fn new(fd: impl AsFd, len: usize, access: ProtFlags) -> io::Result<Self> {
        let facts = FileFacts::of(&fd)?;
        if len == 0 || len as u64 > facts.len {
            let text = format!("cannot map {len} bytes of a file of {}", facts.len);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        // Where pages are huge, the kernel maps whole ones: reserve as much as it may take.
        let unit = match facts.block {
            block if block.is_power_of_two() && block <= LARGEST_UNIT => page_size().max(block as usize),
            _ => page_size(),
        };
        let mapped = len.checked_next_multiple_of(unit).ok_or(Errno::NOMEM)?;
        let align = if mapped >= HUGE { unit.max(HUGE) } else { unit };

        install()?;
        // Reserve, register, map, in this order (F3), so that a fork at any moment finds what to cover.
        let base = reserve(mapped, align)?;
        let map = Self { base: base.cast(), len, mapped, claim: Claim::new(), pid: process::pid() };
        map.claim.inherited(Range { base: base.addr().get(), len: mapped });
        // SAFETY: the range was reserved above and nobody else knows it; `MAP_FIXED` replaces just that (O1).
        unsafe { mmap(base.as_ptr(), mapped, access, MapFlags::SHARED | MapFlags::FIXED, &fd, 0) }?;
        // SAFETY: concerns what a fork does with the range just mapped.
        unsafe { madvise(base.as_ptr(), mapped, Advice::LinuxDontFork) }?;
        map.claim.hole();
        Ok(map)
    }

    /// Where the file begins in memory. Pointers derived from it are good while this value lives.
    pub(crate) fn base(&self) -> NonNull<u8> {
        self.base
    }

    /// How many bytes of the file are mapped.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Allows or forbids stores to whole pages of the mapping.
    ///
    /// # Errors
    /// `InvalidInput` unless the range consists of whole pages of the mapping. What was mapped read-only from
    /// a file that is not open for writing stays so (`PermissionDenied`).
    pub(crate) fn protect(&self, bytes: Bytes<usize>, access: Access) -> io::Result<()> {
        let (at, len) = self.pages(&bytes)?;
        let flags = match access {
            Access::Read => MprotectFlags::READ,
            Access::ReadWrite => MprotectFlags::READ | MprotectFlags::WRITE,
        };
        // SAFETY: inside the range that this value owns (O1); no reference to it exists, only raw pointers.
        Ok(unsafe { mprotect(at, len, flags) }?)
    }

    /// A forked child gets zero pages of its own here instead of memory that faults, so that dropping its
    /// copies of an end does no harm. For the few pages that an end touches then: at most four ranges.
    ///
    /// # Errors
    /// `InvalidInput` unless the range consists of whole pages, or if there are four already.
    pub(crate) fn keep_in_child(&self, bytes: Bytes<usize>) -> io::Result<()> {
        let (at, len) = self.pages(&bytes)?;
        if self.claim.keep(Range { base: at.addr(), len }) {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::InvalidInput, "a child keeps at most four ranges of a mapping"))
    }

    /// Brings pages into memory now, so that no first touch waits for the kernel later.
    ///
    /// With `write` they are made ready for stores; the range must allow them. No byte changes.
    ///
    /// # Errors
    /// `InvalidInput` unless the range consists of whole pages; else what the system says.
    pub(crate) fn prefault(&self, bytes: Bytes<usize>, write: bool) -> io::Result<()> {
        let (at, len) = self.pages(&bytes)?;
        let advice = if write { Advice::LinuxPopulateWrite } else { Advice::LinuxPopulateRead };
        // SAFETY: populates page tables of a range that this value owns (O1) and changes no byte.
        let result = unsafe { madvise(at, len, advice) };
        // SAFETY: of no bytes at all: only says whether the kernel knows the advice, which came with 5.14.
        if result == Err(Errno::INVAL) && unsafe { madvise(at, 0, advice) }.is_err() {
            self.touch(bytes, write);
            return Ok(());
        }
        Ok(result?)
    }

    /// Touches each page of a range that was checked.
    fn touch(&self, bytes: Bytes<usize>, write: bool) {
        let end = bytes.end.min(self.len);
        for offset in (bytes.start..end).step_by(page_size()) {
            // SAFETY: `offset < len`, in bounds of the mapping.
            let byte = unsafe { self.base.add(offset) };
            // SAFETY: mapped for as long as `self` lives, backed by the file (O2); atomic, as all accesses to
            // shared memory that may race.
            let byte = unsafe { AtomicU8::from_ptr(byte.as_ptr()) };
            if write {
                byte.fetch_or(0, Ordering::Relaxed);
            } else {
                byte.load(Ordering::Relaxed);
            }
        }
    }

    /// Keeps pages in memory for good. Bounded by the process' limit (`ulimit -l`): the caller reports a
    /// refusal rather than failing on it.
    ///
    /// # Errors
    /// `InvalidInput` unless the range consists of whole pages; else what the system says.
    pub(crate) fn lock(&self, bytes: Bytes<usize>) -> io::Result<()> {
        let (at, len) = self.pages(&bytes)?;
        // SAFETY: a range that this value owns (O1); no byte changes.
        Ok(unsafe { mlock(at, len) }?)
    }

    /// Asks for huge pages. That the kernel accepts says nothing: see [`huge_bytes`](Self::huge_bytes).
    ///
    /// # Errors
    /// `InvalidInput` unless the range consists of whole pages, or if the kernel has no huge pages.
    pub(crate) fn advise_huge(&self, bytes: Bytes<usize>) -> io::Result<()> {
        let (at, len) = self.pages(&bytes)?;
        // SAFETY: a range that this value owns (O1); no byte changes.
        Ok(unsafe { madvise(at, len, Advice::LinuxHugepage) }?)
    }

    /// How many bytes of the mappings that a range lies in are mapped by huge pages, as the kernel counts
    /// them now; `None` if it does not say.
    pub(crate) fn huge_bytes(&self, bytes: Bytes<usize>) -> Option<u64> {
        let (at, len) = self.pages(&bytes).ok()?;
        super::smaps::huge_bytes(at.addr()..at.addr() + len)
    }

    /// Address and length of a range of whole pages of the mapping; the last page may be partly beyond the
    /// end of the file.
    fn pages(&self, bytes: &Bytes<usize>) -> io::Result<(*mut c_void, usize)> {
        let page = page_size();
        let end = if bytes.end == self.len { self.len.next_multiple_of(page) } else { bytes.end };
        if bytes.start > end || end > self.mapped || bytes.start % page != 0 || end % page != 0 {
            let text = format!("{bytes:?} is not a range of whole pages in a mapping of {} bytes", self.len);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        // SAFETY: `start <= end <= mapped`, in bounds or one past the end.
        let at = unsafe { self.base.add(bytes.start) };
        Ok((at.as_ptr().cast(), end - bytes.start))
    }
}

/// Reserves addresses: memory that faults. `align` is a power of two, `len` a multiple of the page size.
fn reserve(len: usize, align: usize) -> io::Result<NonNull<c_void>> {
    let all = len.checked_add(align).ok_or(Errno::NOMEM)?;
    let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
    // SAFETY: maps new memory where the kernel has room; touches nothing that exists.
    let start = unsafe { mmap_anonymous(core::ptr::null_mut(), all, ProtFlags::empty(), flags) }?;
    let before = start.addr().next_multiple_of(align) - start.addr();
    // SAFETY: `before < align`, so `before + len` is inside what was mapped.
    let base = unsafe { start.byte_add(before) };
    // SAFETY: one past what is kept, at most the end of what was mapped.
    let end = unsafe { base.byte_add(len) };
    let after = all - before - len;
    if before > 0 {
        // SAFETY: the unused front of the memory mapped above, known to nobody.
        let _ = unsafe { munmap(start, before) };
    }
    if after > 0 {
        // SAFETY: the unused rest of it, likewise.
        let _ = unsafe { munmap(end, after) };
    }
    Ok(NonNull::new(base).ok_or(Errno::NOMEM)?)
}

impl Drop for Map {
    fn drop(&mut self) {
        // A child of the process that mapped it has a hole there, in which other code may live by now, unless
        // the fork handler covered the range.
        if self.pid != process::pid() && !self.claim.covered() {
            return;
        }
        // F3: out of the list first. A fork in between finds a hole, and nobody in the child who minds.
        self.claim.nothing();
        // SAFETY: O1: this value owns the range, and every pointer into it ends with this value.
        let _ = unsafe { munmap(self.base.as_ptr().cast(), self.mapped) };
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map").field("base", &self.base).field("len", &self.len).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
