//! The producer's side of the ring.

use super::gate::{self, Gate};
use super::{Discipline, Ring};
use crate::event::RingEvent;
use crate::sync::{MutPtr, Ordering, fence};

/// The one that stores the published cursor (R1).
#[derive(Debug)]
pub(crate) struct Publisher<E, D> {
    ring: Ring<E, D>,
    /// The sequence that will be published next; equals the published cursor between calls.
    next: u64,
    /// Slots below are free to write (R2).
    limit: u64,
    /// Whether it closed the stream: then nothing is free any more.
    closed: bool,
    /// How many slots ahead of the one that is written the next lines are asked for.
    ahead: u64,
}

/// The same in bytes, as far as the ring is large enough.
const WRITE_AHEAD: usize = 1024;

/// The published cursor of the segment holds a value that no producer of ours wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Implausible {
    pub(crate) published: u64,
}

impl<E: RingEvent, D: Discipline> Publisher<E, D> {
    /// Starts on a new ring, or goes on where a dead producer stopped (R9).
    ///
    /// For stamped slots the published cursor may be stale by what the dead one made visible last, and a
    /// consumer may already be past it; the stamps tell. It is repaired here, before anybody publishes.
    /// The caller holds the producer's lock, and the slots of the dead one can change no more.
    pub(crate) fn take_over(ring: Ring<E, D>) -> Result<Self, Implausible> {
        let mut next = ring.plausible().map_err(|published| Implausible { published })?;
        if D::STAMPED {
            let stale = next;
            // At most one batch, so at most a ring full.
            while next - stale < ring.capacity() && ring.stamped(next) == next + 1 {
                next += 1;
            }
            // PAIR(slot contents): acquired wherever a newcomer reads the published cursor.
            ring.published().store(next, Ordering::Release);
        }
        // The first publish scans.
        let ahead = Ring::<E, D>::ahead(WRITE_AHEAD).min(ring.quantum() / 2);
        Ok(Self { ring, next, limit: next, closed: false, ahead })
    }

    #[inline(always)]
    pub(crate) fn ring(&self) -> &Ring<E, D> {
        &self.ring
    }

    /// The sequence that will be published next.
    #[inline(always)]
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    /// How many slots may be written without another scan.
    #[inline(always)]
    pub(crate) fn room(&self) -> u64 {
        self.limit.saturating_sub(self.next)
    }

    /// Looks at all consumers and opens what they have left behind, at most a quantum (R2). `each` sees the
    /// entry and cursor of every gating consumer.
    #[cold]
    pub(crate) fn scan(&mut self, each: impl FnMut(u32, u64)) -> Gate {
        // The published cursor was stored by `show`; the fence orders that store before the loads below, so
        // that a consumer which these loads miss reads a published cursor of at least `next` (R6).
        fence(Ordering::SeqCst);
        let gate = gate::scan(&self.ring, self.next, each);
        let limit = (gate.cursor + self.ring.capacity()).min(self.next + self.ring.quantum());
        self.limit = if self.closed { self.next } else { limit };
        gate
    }

    /// Asks the processor for the line that will be written some slots after `next + ahead`.
    #[inline(always)]
    pub(crate) fn fetch(&self, ahead: u64) {
        self.ring.fetch_to_write(self.next + ahead + self.ahead);
    }

    /// The slot of `next + ahead`, to be written before [`publish`](Self::publish).
    ///
    /// # Safety
    /// 1. `ahead < self.room()` (R2).
    #[inline(always)]
    pub(crate) unsafe fn slot(&self, ahead: u64) -> MutPtr<E> {
        debug_assert!(ahead < self.room(), "R2: slot outside of the limit");
        self.ring.cell(self.next + ahead).write()
    }

    /// Makes the next `count` slots visible and returns the first sequence.
    ///
    /// # Safety
    /// 1. `count <= self.room()` and those slots are completely written with valid events (R2, R3).
    #[inline(always)]
    pub(crate) unsafe fn publish(&mut self, count: u64) -> u64 {
        debug_assert!(count <= self.room(), "R2: publish outside of the limit");
        let first = self.next;
        self.next = first + count;
        self.ring.show(first, self.next);
        first
    }

    /// Ends the stream: consumers drain what is there and then see the end. Nothing can be published after it.
    pub(crate) fn close(&mut self) {
        self.closed = true;
        self.limit = self.next;
        // PAIR(closed): acquired in `Reader::end`.
        self.ring.closed_at().store(self.next, Ordering::Release);
    }
}
