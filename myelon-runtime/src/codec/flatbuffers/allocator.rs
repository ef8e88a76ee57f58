//! Where a FlatBuffers builder writes: into a slot of the ring, from its end to its front, and on the heap if that is
//! too short.
//!
//! A builder cannot be told that there is no more room: it panics. So what does not fit goes on in memory of its own, and
//! whoever lent the slot learns of it afterwards.
//!
//! A builder expects zeros. A slot holds whatever lay in the ring, and is much longer than most messages: so the builder
//! is shown a *window* at the end of the slot, which is zeroed and grows.
//!
//! # Invariants
//! - **F1** The [`Memory`] of an allocator outlives it.
//! - **F2** Nobody else touches a memory, or the slot that it was lent, while code runs that can reach its allocator.
//! - **F3** The window of a memory lies in its slot, or in its spill, or is empty; all of its bytes are initialised.

use core::convert::Infallible;
use core::fmt;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

use ::flatbuffers::Allocator;

/// How many bytes of a slot are zeroed to begin with, and the least that are added.
const STEP: usize = 512;

/// Memory for a [`FlatBufferBuilder`](::flatbuffers::FlatBufferBuilder): a part of the ring, and the heap where that is
/// too short. Only [`Scratch`](super::Scratch) makes one.
pub struct SlotAllocator<'b> {
    memory: NonNull<Memory>,
    /// Each message has a lifetime of its own, so that two builders cannot be exchanged for one another.
    _message: PhantomData<&'b mut [u8]>,
}

/// What a builder writes to.
pub(super) struct Memory {
    /// What the builder sees.
    window: NonNull<[u8]>,
    /// How many bytes of the slot lie in front of the window.
    free: usize,
    /// What was too long for its slot.
    spill: Vec<u8>,
    spilled: bool,
    /// How long a message may be: the spill is not made larger than this without need.
    max: usize,
}

/// No bytes.
const NOTHING: NonNull<[u8]> = NonNull::slice_from_raw_parts(NonNull::dangling(), 0);

impl Memory {
    pub(super) const fn new() -> Self {
        Self { window: NOTHING, free: 0, spill: Vec::new(), spilled: false, max: 0 }
    }

    /// Lends `slot` to the builder that uses this memory, which writes over the last `used` bytes of it itself before
    /// anything else.
    ///
    /// # Safety
    /// 1. `slot` may be written, through nothing but this memory, until [`take_back`](Self::take_back) or until the
    ///    builder is dropped.
    pub(super) unsafe fn lend(&mut self, slot: NonNull<[u8]>, used: usize, max: usize) {
        let len = used.max(STEP).min(slot.len());
        self.spilled = false;
        self.max = max;
        self.free = slot.len() - len;
        // SAFETY: (1) inside the slot: `free` is not more than its length.
        let start = unsafe { slot.cast::<u8>().add(self.free) };
        // SAFETY: (1) inside the slot: `len` bytes follow, of which `used` or less are left out.
        unsafe { start.write_bytes(0, len - used.min(len)) };
        self.window = NonNull::slice_from_raw_parts(start, len);
    }

    /// Ends the loan. Whether the message lies in the spill.
    pub(super) fn take_back(&mut self) -> bool {
        self.window = NOTHING;
        self.free = 0;
        self.spilled
    }

    /// What spilled, as long as nothing else is built. Its message lies at its end.
    pub(super) fn spill(&self) -> &[u8] {
        &self.spill
    }

    /// Frees the spill.
    pub(super) fn discard(&mut self) {
        self.spill = Vec::new();
    }

    /// Makes the window longer at its front.
    fn grow(&mut self) {
        if self.free > 0 { self.widen() } else { self.move_to_heap() }
    }

    /// In the slot: what was written stays where it is.
    fn widen(&mut self) {
        let more = (self.window.len() / 2).max(STEP).min(self.free);
        self.free -= more;
        // SAFETY: F3, `more` bytes of the slot lie in front of the window.
        let start = unsafe { self.window.cast::<u8>().sub(more) };
        // SAFETY: F2, these bytes are part of the slot.
        unsafe { start.write_bytes(0, more) };
        self.window = NonNull::slice_from_raw_parts(start, self.window.len() + more);
    }

    /// On the heap: what was written goes to the end of a longer piece of memory.
    fn move_to_heap(&mut self) {
        let old = self.window.len();
        // Nothing longer than `max` will be sent. But a builder cannot be stopped: it gets what it asks for.
        let twice = old.saturating_mul(2).max(STEP);
        let len = if old < self.max { twice.min(self.max) } else { twice };
        if self.spilled {
            self.spill.resize(len, 0);
            self.spill.copy_within(..old, len - old);
            self.spill.iter_mut().take(len - old).for_each(|byte| *byte = 0);
        } else {
            self.spilled = true;
            self.spill.clear();
            self.spill.resize(len - old, 0);
            // SAFETY: F3, F2: initialised, and nobody writes there; the spill is other memory.
            self.spill.extend_from_slice(unsafe { self.window.as_ref() });
        }
        self.window = NonNull::from(self.spill.as_mut_slice());
    }
}

impl SlotAllocator<'_> {
    /// # Safety
    /// 1. F1, F2: `memory` outlives the allocator, and is touched by nobody else while it can be reached.
    pub(super) unsafe fn new(memory: NonNull<Memory>) -> Self {
        Self { memory, _message: PhantomData }
    }
}

// SAFETY: growing moves the content to the end of something longer, and `len` is the length of what it dereferences to.
unsafe impl Allocator for SlotAllocator<'_> {
    type Error = Infallible;

    #[cold]
    fn grow_downwards(&mut self) -> Result<(), Infallible> {
        // SAFETY: F1, F2.
        unsafe { self.memory.as_mut() }.grow();
        Ok(())
    }

    #[inline]
    fn len(&self) -> usize {
        // SAFETY: F1, F2.
        unsafe { self.memory.as_ref() }.window.len()
    }
}

impl Deref for SlotAllocator<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        // SAFETY: F1, F2.
        let window = unsafe { self.memory.as_ref() }.window;
        // SAFETY: F3, F2.
        unsafe { window.as_ref() }
    }
}

impl DerefMut for SlotAllocator<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: F1, F2.
        let mut window = unsafe { self.memory.as_ref() }.window;
        // SAFETY: F3, F2.
        unsafe { window.as_mut() }
    }
}

impl fmt::Debug for SlotAllocator<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlotAllocator").finish_non_exhaustive()
    }
}
