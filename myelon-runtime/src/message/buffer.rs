//! Memory of this process for one message that does not lie in one piece in the ring: aligned as the ring is, reused,
//! and never larger than asked for.

use core::ptr::NonNull;
use std::alloc::{Layout, alloc, dealloc};

use crate::codec::ALIGN;

/// Bytes that begin at a multiple of [`ALIGN`]; all of them initialised.
#[derive(Debug)]
pub(crate) struct Buffer {
    at: NonNull<u8>,
    capacity: usize,
}

// SAFETY: it owns its memory, which no thread has a claim to.
unsafe impl Send for Buffer {}
// SAFETY: as for `Send`; what takes `&self` only reads.
unsafe impl Sync for Buffer {}

/// There is no memory of that size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoMemory;

impl Buffer {
    pub(crate) const fn new() -> Self {
        // A dangling address that is aligned for what the buffer will hold.
        Self { at: NonNull::<crate::ring::Unit>::dangling().cast(), capacity: 0 }
    }

    /// `len` bytes, which hold anything. What the buffer held before may be gone.
    pub(crate) fn take(&mut self, len: usize) -> Result<&mut [u8], NoMemory> {
        if len > self.capacity {
            self.grow(len)?;
        }
        // SAFETY: `len <= capacity` bytes of this buffer's own memory, initialised since it was allocated.
        Ok(unsafe { core::slice::from_raw_parts_mut(self.at.as_ptr(), len) })
    }

    /// Its first `len` bytes; fewer if it is shorter.
    pub(crate) fn get(&self, len: usize) -> &[u8] {
        // SAFETY: inside this buffer's own memory, initialised since it was allocated.
        unsafe { core::slice::from_raw_parts(self.at.as_ptr(), len.min(self.capacity)) }
    }

    #[cold]
    fn grow(&mut self, len: usize) -> Result<(), NoMemory> {
        let layout = Layout::from_size_align(len, ALIGN).map_err(|_| NoMemory)?;
        self.free();
        // SAFETY: the layout has a size: `len > capacity >= 0`.
        let at = NonNull::new(unsafe { alloc(layout) }).ok_or(NoMemory)?;
        // SAFETY: `len` bytes that were just allocated. Written once, so that they are initialised ever after.
        unsafe { at.write_bytes(0, len) };
        self.at = at;
        self.capacity = len;
        Ok(())
    }

    /// Leaves it empty.
    fn free(&mut self) {
        let (at, capacity) = (self.at, core::mem::take(&mut self.capacity));
        let Ok(layout) = Layout::from_size_align(capacity, ALIGN) else { return };
        if capacity != 0 {
            // SAFETY: allocated with this very layout, and not freed: the capacity says so no more.
            unsafe { dealloc(at.as_ptr(), layout) };
        }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.free();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_stays_aligned_and_is_used_again() {
        let mut buffer = Buffer::new();
        assert!(buffer.take(0).unwrap().is_empty());
        for len in [1, 15, 16, 17, 4096, 100_000] {
            let bytes = buffer.take(len).unwrap();
            assert_eq!((bytes.len(), bytes.as_ptr().addr() % ALIGN), (len, 0));
            bytes.fill(7);
        }
        let at = buffer.take(1).unwrap().as_ptr();
        assert_eq!(buffer.take(100_000).unwrap().as_ptr(), at, "no new memory for what fits");
        assert_eq!(buffer.get(3), [7; 3]);
        assert_eq!(buffer.take(usize::MAX), Err(NoMemory));
        assert_eq!(buffer.take(isize::MAX as usize - 64), Err(NoMemory));
        assert!(buffer.get(9).is_empty(), "what could not grow is empty");
    }
}
