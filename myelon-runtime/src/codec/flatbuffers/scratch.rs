//! Builds messages, one after the other, with one builder.

use core::fmt;
use core::mem;
use core::ptr::NonNull;

use ::flatbuffers::{FlatBufferBuilder, Push, PushAlignment, WIPOffset};

use super::allocator::{Memory, SlotAllocator};
use super::{Family, TableBuilder};
use crate::codec::ALIGN;

/// What building a message needs beside its slot. Kept between messages, so that none is allocated for each.
pub struct Scratch {
    /// From a `Box`, and only freed with this. Written through this pointer alone, so that the builder's copy of it stays
    /// good wherever this is moved.
    memory: NonNull<Memory>,
    /// With the allocator of `memory`. `None` before the first message, and after one that spilled or panicked.
    builder: Option<TableBuilder<'static>>,
    /// How many bytes that builder wrote last, which it will want to zero.
    used: usize,
}

/// No bytes, aligned as payloads are. A builder makes the whole of a message a multiple of the largest alignment in it: so
/// one that has this in it begins at such a multiple, as its slot ends there.
pub(super) struct Aligned;

impl Push for Aligned {
    type Output = [u8; 0];

    unsafe fn push(&self, _: &mut [u8], _: usize) {}

    fn alignment() -> PushAlignment {
        PushAlignment::new(ALIGN)
    }
}

/// Where a message was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Built {
    /// At the end of the slot.
    InSlot {
        /// Where it begins.
        head: usize,
    },
    /// In memory of its own: the slot was too short. See [`Scratch::spilled`].
    Spilled,
    /// Nowhere: it is longer than it may be.
    TooLarge {
        /// How long it is, in bytes.
        len: usize,
    },
}

// SAFETY: the memory belongs to this alone, as in a `Box`; a slot is only used while it is lent, inside of `build`.
unsafe impl Send for Scratch {}
// SAFETY: what takes it by shared reference only reads, and nothing writes without a unique one.
unsafe impl Sync for Scratch {}

impl Scratch {
    /// Without memory for what spills.
    pub fn new() -> Self {
        Self { memory: NonNull::from(Box::leak(Box::new(Memory::new()))), builder: None, used: 0 }
    }

    /// Builds a message at the end of `slot`, whatever that holds, or on the heap if it is too long. The end of `slot`
    /// should be aligned to 16 bytes. The message may be `max` bytes long; the heap never holds more, except while a
    /// longer one is built, which nothing can stop.
    ///
    /// # Panics
    /// If `make` does, or uses the builder against its rules. Then nothing is built.
    pub fn build<F: Family>(
        &mut self,
        slot: &mut [u8],
        max: usize,
        make: impl for<'b> FnOnce(&mut TableBuilder<'b>) -> WIPOffset<F::Table<'b>>,
    ) -> Built {
        let slot_len = slot.len();
        // Not in their places while the builder is lent: if this unwinds, a half-built message goes with it.
        let last = self.builder.take().zip(Some(mem::take(&mut self.used)));
        let (mut builder, used) = last.filter(|(_, used)| *used <= slot_len).unwrap_or_else(|| {
            // SAFETY: (1) F1: dropped before the memory; F2: it is the only one, and `memory_mut` is not called while
            // `make` or the builder run.
            (FlatBufferBuilder::new_in(unsafe { SlotAllocator::new(self.memory) }), 0)
        });

        // SAFETY: (1) `slot` is borrowed until the end of this function, and not used in it again.
        unsafe { self.memory_mut().lend(NonNull::from(slot), used, max) };
        // Also writes zeros over what it used last.
        builder.reset();
        builder.force_defaults(false);
        builder.push(Aligned);
        let root = make(&mut builder);
        builder.finish_minimal(root);
        let len = builder.unfinished_data().len();

        if self.memory_mut().take_back() {
            if len <= max {
                self.used = len;
                return Built::Spilled;
            }
            self.memory_mut().discard();
            return Built::TooLarge { len };
        }
        self.builder = Some(builder);
        self.used = len;
        if len <= max { Built::InSlot { head: slot_len - len } } else { Built::TooLarge { len } }
    }

    /// The message that was built last, if it [spilled](Built::Spilled).
    pub fn spilled(&self) -> &[u8] {
        // SAFETY: F1, and nothing is being built while this is borrowed.
        let spill = unsafe { self.memory.as_ref() }.spill();
        let len = if self.builder.is_none() { self.used } else { 0 };
        spill.get(spill.len().saturating_sub(len)..).unwrap_or_default()
    }

    /// Not while the builder runs: F2.
    fn memory_mut(&mut self) -> &mut Memory {
        // SAFETY: F1, F2: only called in `build`, between calls of the builder.
        unsafe { self.memory.as_mut() }
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.builder = None;
        // SAFETY: from a `Box` in `new`, freed once; the only other copy went with the builder, just now.
        drop(unsafe { Box::from_raw(self.memory.as_ptr()) });
    }
}

impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scratch").field("used", &self.used).finish_non_exhaustive()
    }
}
