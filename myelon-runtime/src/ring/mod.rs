//! The ring protocol: one producer, many consumers, every consumer sees every event, the slowest one gates.
//!
//! Works on words and slots wherever they lie; it knows nothing of files or maps and runs on plain heap memory
//! in models. Sequences are `u64`, the first is 0; a cursor holds the *next* sequence its owner will touch.
//! Capacity is a power of two; the quantum is `q = max(1, capacity / 4)`.
//!
//! # Invariants
//! - **R1** One participant stores the published cursor; each consumer cursor has one writer.
//! - **R2** The slot of `s` is written only while `s < limit`. A scan sets
//!   `limit = min(gate + capacity, published + q)`, `gate` = the least cursor of the gating entries, after
//!   storing the published cursor and a sequentially consistent fence. No publish or claim spans more than `q`.
//! - **R3** `s` becomes visible only after its slot is completely written.
//! - **R4** A consumer reads slot `s` only after it saw `s` become visible.
//! - **R5** A consumer's cursor passes `s` only after its last access to slot `s`.
//! - **R6** A joining consumer cannot be overrun: see [`join`].
//! - **R7** A lossy reader never gates and never holds a reference into the ring: see [`lossy`].
//! - **R8** Only a consumer proved dead is evicted, by somebody who holds its lock: see [`entry`].
//! - **R9** A successor of a dead producer goes on at the first sequence that is not visible: see
//!   [`Publisher::take_over`](publisher::Publisher::take_over).
//!
//! # Orderings
//! | store or fence (release side) | load (acquire side) | carries |
//! |---|---|---|
//! | stamp or published cursor, `Ring::show` | `Reader::look` | slot contents (R3 to R4) |
//! | consumer cursor, `Reader::settle` | `Publisher::scan` | end of reading (R5 to R2) |
//! | entry word, `entry::open` | `Publisher::scan` | the joining consumer's provisional cursor (R6) |
//! | `SeqCst` fence, `join::finish` | `SeqCst` fence, `Publisher::scan` | who came first (R6) |
//! | `SeqCst` fence, `Publisher::scan` | acquire fence, `Ring::still_there` | the cursor behind a later write (R7) |
//! | closed-at, `Publisher::close` | `Reader::end` | all that was published |
//!
//! | anchor and published cursor, `Marks::mark`, `Ring::show` | `RecordRing::anchors`, after the cursor | where a record begins (M2) |
//!
//! A crash between any two steps leaves R1 to R9 true; the event in progress is lost, earlier ones are not.

pub(crate) mod entry;
pub(crate) mod gate;
pub(crate) mod join;
pub(crate) mod lossy;
mod place;
pub(crate) mod publisher;
pub(crate) mod reader;
pub(crate) mod records;
pub(crate) mod slots;
#[cfg(test)]
#[cfg(not(loom))]
mod tests;

use core::marker::PhantomData;
use core::ptr::NonNull;

use crate::event::RingEvent;
use crate::sync::{AtomicU64, Cell, Ordering};

pub use join::Start;
pub use records::{Records, Unit};
use slots::LINE;
pub use slots::{Dense, Discipline, Stamped};

/// The number of an event in its channel: the first is 0, and each next one is one more.
pub type Sequence = u64;

/// The value of the closed-at word of a channel that is open.
pub(crate) const OPEN: u64 = u64::MAX;

/// The largest sequence that a segment may name; a cursor above it is corrupt, and sums below never wrap.
pub(crate) const MAX_SEQUENCE: u64 = 1 << 62;

/// How many sequences one scan may open: a quarter of the ring.
pub(crate) const fn quantum(capacity: u64) -> u64 {
    if capacity < 4 { 1 } else { capacity / 4 }
}

/// Where the words and slots of a ring lie.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts {
    pub(crate) published: NonNull<AtomicU64>,
    pub(crate) closed_at: NonNull<AtomicU64>,
    /// `entry_count` words in a row.
    pub(crate) entries: NonNull<AtomicU64>,
    /// The first consumer cursor; the next lies `cursor_stride` bytes on.
    pub(crate) cursors: NonNull<AtomicU64>,
    pub(crate) cursor_stride: usize,
    pub(crate) entry_count: u32,
    /// `capacity` slots of the discipline's stride.
    pub(crate) slots: NonNull<u8>,
    /// A power of two.
    pub(crate) capacity: u64,
    /// `records::ANCHORS` words in a row: where records begin, in a ring of them.
    pub(crate) anchors: NonNull<AtomicU64>,
}

/// A ring's words and slots, typed. Cheap to copy; the owner of the memory keeps it alive (obligation 2).
#[derive(Debug)]
pub(crate) struct Ring<E, D> {
    parts: Parts,
    marker: PhantomData<(fn() -> E, D)>,
}

impl<E, D> Clone for Ring<E, D> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E, D> Copy for Ring<E, D> {}

// SAFETY: a ring is a handful of pointers to memory that belongs to no thread: atomics (S3), and cells whose
// accesses follow R1 to R5 whichever thread makes them. Events are `Send` and `Sync` (`RingEvent`).
unsafe impl<E: RingEvent, D: Discipline> Send for Ring<E, D> {}
// SAFETY: as for `Send`; what takes `&self` either uses atomics or hands out pointers that are used in `unsafe`.
unsafe impl<E: RingEvent, D: Discipline> Sync for Ring<E, D> {}

impl<E: RingEvent, D: Discipline> Ring<E, D> {
    /// # Safety
    /// 1. The pointers are aligned and valid for what [`Parts`] says of them (S1, S2); words are accessed as
    ///    atomics only (S3).
    /// 2. They stay so for as long as this value or anything made from it is used (S4).
    /// 3. `capacity` is a power of two of at most 2^32 and fits the memory (S2).
    pub(crate) unsafe fn new(parts: Parts) -> Self {
        Self { parts, marker: PhantomData }
    }

    #[inline(always)]
    pub(crate) fn capacity(&self) -> u64 {
        self.parts.capacity
    }

    #[inline(always)]
    pub(crate) fn quantum(&self) -> u64 {
        quantum(self.parts.capacity)
    }

    #[inline(always)]
    pub(crate) fn entry_count(&self) -> u32 {
        self.parts.entry_count
    }

    #[inline(always)]
    pub(crate) fn published(&self) -> &AtomicU64 {
        // SAFETY: by (1) and (2) of `new`.
        unsafe { self.parts.published.as_ref() }
    }

    /// The published cursor; as an error if no producer of ours can have written what is there.
    pub(crate) fn plausible(&self) -> Result<u64, u64> {
        // PAIR(slot contents): released in `Ring::show`.
        let published = self.published().load(Ordering::Acquire);
        if published > MAX_SEQUENCE { Err(published) } else { Ok(published) }
    }

    /// The oldest sequence that no producer is writing over whose published cursor is `published` or was below it
    /// at its last scan (R6, R7).
    pub(crate) fn oldest(&self, published: u64) -> u64 {
        (published + self.quantum()).saturating_sub(self.capacity())
    }

    #[inline(always)]
    pub(crate) fn closed_at(&self) -> &AtomicU64 {
        // SAFETY: by (1) and (2) of `new`.
        unsafe { self.parts.closed_at.as_ref() }
    }

    /// The state word of an entry; `None` past the last one.
    #[inline]
    pub(crate) fn entry(&self, index: u32) -> Option<&AtomicU64> {
        if index >= self.parts.entry_count {
            return None;
        }
        // SAFETY: `index < entry_count`, so by (1) of `new` the word is there.
        let word = unsafe { self.parts.entries.add(index as usize) };
        // SAFETY: by (1) and (2) of `new`.
        Some(unsafe { word.as_ref() })
    }

    /// The cursor of an entry's consumer; `None` past the last one.
    #[inline]
    pub(crate) fn cursor(&self, index: u32) -> Option<&AtomicU64> {
        if index >= self.parts.entry_count {
            return None;
        }
        let offset = self.parts.cursor_stride * index as usize;
        // SAFETY: `index < entry_count`, so by (1) of `new` the cursor is there.
        let cursor = unsafe { self.parts.cursors.byte_add(offset) };
        // SAFETY: by (1) and (2) of `new`.
        Some(unsafe { cursor.as_ref() })
    }

    /// The slot of `sequence`. Always inside the ring, whatever the sequence.
    #[inline(always)]
    fn slot(&self, sequence: u64) -> &D::Slot<E> {
        let index = (sequence & (self.parts.capacity - 1)) as usize;
        // SAFETY: `index < capacity`, so by (1) and (3) of `new` the slot is there.
        let slot = unsafe { self.parts.slots.byte_add(index * D::stride::<E>()) };
        // SAFETY: by (1) and (2) of `new`; a slot is made of cells and atomics, so this shared reference
        // claims nothing about who writes it.
        unsafe { slot.cast::<D::Slot<E>>().as_ref() }
    }

    /// The cell of `sequence`, to be read under R4 and R5 or written under R2.
    #[inline(always)]
    pub(crate) fn cell(&self, sequence: u64) -> &Cell<E> {
        D::cell(self.slot(sequence))
    }

    #[inline(always)]
    fn stamp(&self, sequence: u64) -> &AtomicU64 {
        D::stamp(self.slot(sequence))
    }

    /// Makes `first..end` visible, in ascending order (R3). The producer alone calls this (R1), with those
    /// slots completely written.
    #[inline(always)]
    pub(crate) fn show(&self, first: u64, end: u64) {
        if D::STAMPED {
            for sequence in first..end {
                // PAIR(slot contents): acquired in `Reader::look`.
                self.stamp(sequence).store(sequence + 1, Ordering::Release);
                crate::sync::point!("show: stamped");
            }
        }
        // PAIR(slot contents): acquired in `Reader::look` (dense) and wherever a newcomer reads it.
        self.published().store(end, Ordering::Release);
    }

    /// Whether the event of `sequence` is visible, by its stamp. Meaningless for dense slots.
    #[inline(always)]
    pub(crate) fn stamped(&self, sequence: u64) -> u64 {
        // PAIR(slot contents): released in `Ring::show`.
        self.stamp(sequence).load(Ordering::Acquire)
    }
}

impl<E: RingEvent, D: Discipline> Ring<E, D> {
    /// How many slots `bytes` are, at least one.
    pub(crate) const fn ahead(bytes: usize) -> u64 {
        let slots = bytes / size_of::<D::Slot<E>>();
        if slots == 0 { 1 } else { slots as u64 }
    }

    /// Asks the processor for the lines of a slot that will be written soon. A consumer that treads on the
    /// producer's heels holds those lines; asking early takes the wait for each out of the stream (measured:
    /// dense 8-byte events go ten times as fast).
    #[inline(always)]
    pub(crate) fn fetch_to_write(&self, sequence: u64) {
        self.each_line(sequence, fetch::to_write);
    }

    /// Asks the processor for the lines of a slot that is visible and will be read soon.
    #[inline(always)]
    pub(crate) fn fetch_to_read(&self, sequence: u64) {
        self.each_line(sequence, fetch::to_read);
    }

    /// Asks for the line in which a slot begins, and the one behind it.
    #[inline(always)]
    fn fetch_next_lines(&self, sequence: u64) {
        let slot: *const D::Slot<E> = self.slot(sequence);
        fetch::to_read(slot.cast());
        fetch::to_read(slot.cast::<u8>().wrapping_add(LINE));
    }

    /// The lines that begin in a slot: of several slots in one line, the first one's.
    #[inline(always)]
    fn each_line(&self, sequence: u64, fetch: impl Fn(*const u8)) {
        let stride = D::stride::<E>();
        let slot: *const D::Slot<E> = self.slot(sequence);
        let slot = slot.cast::<u8>();
        if stride < LINE && slot.addr() % LINE >= stride {
            return;
        }
        for offset in (0..stride).step_by(LINE) {
            fetch(slot.wrapping_add(offset));
        }
    }
}

/// Hints to the processor; they fault on no address and change nothing but the time.
mod fetch {
    #[inline(always)]
    pub(super) fn to_read(at: *const u8) {
        #[cfg(all(target_arch = "x86_64", not(loom), not(miri)))]
        {
            use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            // SAFETY: a hint.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(at.cast()) };
        }
        #[cfg(not(all(target_arch = "x86_64", not(loom), not(miri))))]
        let _ = at;
    }

    #[inline(always)]
    pub(super) fn to_write(at: *const u8) {
        #[cfg(all(target_arch = "x86_64", not(loom), not(miri)))]
        {
            // Not `_mm_prefetch::<_MM_HINT_ET0>`: that is a plain prefetch unless the whole program is built for
            // processors that have this one. The others take it for a no-op.
            // SAFETY: a hint.
            unsafe {
                core::arch::asm!("prefetchw [{}]", in(reg) at, options(nostack, preserves_flags, readonly));
            }
        }
        #[cfg(not(all(target_arch = "x86_64", not(loom), not(miri))))]
        let _ = at;
    }
}
