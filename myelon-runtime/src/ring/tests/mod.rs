//! The ring on plain heap memory: against a simple model, against hostile words, and with real threads.
//!
//! What depends on the order of two threads' accesses is checked by the loom models of the crate.

mod hostile;
mod layout;
mod ops;
mod sequences;
mod threads;

use core::cell::UnsafeCell;
use core::ptr::NonNull;

use super::publisher::Publisher;
use super::reader::Reader;
use super::{Discipline, OPEN, Parts, Ring};
use crate::event::RingEvent;
use crate::sync::{AtomicU64, Ordering};

/// An event of three words, each derived from the sequence, so that a torn one is seen.
pub(super) type Event = [u64; 3];

pub(super) const fn event(sequence: u64) -> Event {
    [sequence, !sequence, sequence.wrapping_mul(0x9e37_79b9_7f4a_7c15)]
}

#[repr(C, align(64))]
struct Line(UnsafeCell<[u8; 64]>);

#[repr(C, align(64))]
struct Cursor(AtomicU64);

/// The words and slots of one ring, with a line before and behind the slots that nobody may touch.
pub(super) struct Heap {
    pub(super) published: AtomicU64,
    pub(super) closed_at: AtomicU64,
    pub(super) entries: Box<[AtomicU64]>,
    cursors: Box<[Cursor]>,
    slots: Box<[Line]>,
    capacity: u64,
    anchors: [AtomicU64; super::records::ANCHORS],
}

// SAFETY: the lines are accessed through rings only, under the ring's rules.
unsafe impl Sync for Heap {}

const CANARY: u8 = 0xa5;

impl Heap {
    pub(super) fn new<E: RingEvent, D: Discipline>(capacity: u64, entries: usize) -> Self {
        let lines = (capacity as usize * D::stride::<E>()).div_ceil(64);
        let line = |index: usize| {
            let guard = index == 0 || index == lines + 1;
            Line(UnsafeCell::new([if guard { CANARY } else { 0 }; 64]))
        };
        Self {
            published: AtomicU64::new(0),
            closed_at: AtomicU64::new(OPEN),
            entries: (0..entries).map(|_| AtomicU64::new(0)).collect(),
            cursors: (0..entries).map(|_| Cursor(AtomicU64::new(0))).collect(),
            slots: (0..lines + 2).map(line).collect(),
            capacity,
            anchors: Default::default(),
        }
    }

    /// The ring over these words; the caller keeps the heap alive.
    pub(super) fn ring<E: RingEvent, D: Discipline>(&self) -> Ring<E, D> {
        let parts = Parts {
            published: NonNull::from(&self.published),
            closed_at: NonNull::from(&self.closed_at),
            entries: NonNull::from(&*self.entries).cast(),
            cursors: NonNull::from(&*self.cursors).cast(),
            cursor_stride: size_of::<Cursor>(),
            entry_count: self.entries.len() as u32,
            slots: NonNull::from(&self.slots[1..]).cast(),
            capacity: self.capacity,
            anchors: NonNull::from(&self.anchors).cast(),
        };
        // SAFETY: (1) and (3) hold by construction of the heap, (2) because tests keep it alive.
        unsafe { Ring::new(parts) }
    }

    pub(super) fn cursor(&self, entry: u32) -> &AtomicU64 {
        &self.cursors[entry as usize].0
    }

    /// Overwrites the eight bytes `at` words into the slots, as a peer that lost its mind would.
    pub(super) fn scribble(&self, at: usize, word: u64) {
        let words = (self.slots.len() - 2) * 8;
        let first: NonNull<AtomicU64> = NonNull::from(&self.slots[1..]).cast();
        // SAFETY: inside the slots.
        let word_at = unsafe { first.add(at % words) };
        // SAFETY: aligned, alive, and no other thread runs.
        unsafe { word_at.as_ref() }.store(word, Ordering::Relaxed);
    }

    pub(super) fn assert_untouched_guards(&self) {
        for guard in [&self.slots[0], &self.slots[self.slots.len() - 1]] {
            // SAFETY: nobody writes it.
            assert_eq!(unsafe { guard.0.get().read() }, [CANARY; 64], "a guard was written");
        }
    }
}

/// Writes the event `ahead` of the next one. The caller saw room for it.
pub(super) fn write<D: Discipline>(publisher: &Publisher<Event, D>, ahead: u64) {
    assert!(ahead < publisher.room());
    // SAFETY: there is room.
    let slot = unsafe { publisher.slot(ahead) };
    // SAFETY: as above.
    unsafe { slot.put(event(publisher.next() + ahead)) };
}

/// Scans if it must, then publishes `count` events if there is room.
pub(super) fn try_publish<D: Discipline>(publisher: &mut Publisher<Event, D>, count: u64) -> bool {
    if publisher.room() < count {
        publisher.scan(|_, _| ());
    }
    if publisher.room() < count {
        return false;
    }
    for ahead in 0..count {
        write(publisher, ahead);
    }
    // SAFETY: there is room for `count`, all written.
    unsafe { publisher.publish(count) };
    true
}

/// The event `ahead` of the next one, which is known to be visible.
pub(super) fn peek<E: RingEvent, D: Discipline>(reader: &Reader<E, D>, ahead: u64) -> E {
    assert!(ahead < reader.known());
    // SAFETY: known to be visible.
    let slot = unsafe { reader.event(ahead) };
    // SAFETY: visible and not acknowledged: nobody writes it (R2, R5).
    unsafe { slot.as_ptr().read() }
}
