//! The producer's side: headers, padding, the anchors by which readers find a place to begin, and the lines that it asks
//! for before it writes them.

use super::{ANCHORS, Header, Records, UNIT, Unit};
use crate::ring::publisher::Publisher;
use crate::ring::slots::LINE;
use crate::sync::Ordering;

/// Where the next anchor is due.
#[derive(Debug)]
pub(crate) struct Marks {
    /// The first position that is in need of a new one.
    from: u64,
}

/// How far ahead of a reader's position lines are asked for, in units: the 17 lines of a record of 1 KiB; and of records that
/// keep their distance, of the producer's.
pub(crate) const FETCH_AHEAD: u64 = (1024 + LINE as u64) / UNIT as u64;

/// Which lines a producer has asked the processor for.
///
/// It asks for lines that a reader may hold before it writes them, so that no store has to wait for one. In whole blocks
/// and from their ends down: a processor that sees ascending accesses fetches the lines that follow on its own, to be
/// read, and each of those costs a second trip when it is written (measured: see the benchmark).
#[derive(Debug)]
pub(crate) struct Lines {
    /// The first unit that was not asked for.
    next: u64,
    /// How far ahead of the next position, in units.
    reach: u64,
}

/// Units of a block: 512 bytes.
const BLOCK: u64 = 512 / UNIT as u64;
/// The furthest that a producer asks ahead: 2 KiB.
const REACH: u64 = 2048 / UNIT as u64;

impl Lines {
    /// For this ring, from the next position on.
    pub(crate) fn of(publisher: &Publisher<Unit, Records>) -> Self {
        let next = publisher.next().next_multiple_of(BLOCK);
        let quantum = publisher.ring().quantum();
        // In a ring of few blocks they would be those that readers are at: nothing is asked for there.
        let next = if quantum < BLOCK { u64::MAX - BLOCK } else { next };
        Self { next, reach: REACH.min(quantum) }
    }

    /// Asks for the blocks that came into reach.
    #[inline(always)]
    pub(crate) fn ask(&mut self, publisher: &Publisher<Unit, Records>) {
        let end = publisher.next() + self.reach;
        while self.next + BLOCK <= end {
            // What was written since is nothing to ask for.
            let block = self.next.max(publisher.next() & !(BLOCK - 1));
            self.next = block + BLOCK;
            publisher.ring().fetch_lines_to_write(block, self.next);
        }
    }
}

/// An anchor's distance, as a shift of positions: an eighth of the ring.
pub(super) const fn shift(capacity: u64) -> u32 {
    capacity.trailing_zeros().saturating_sub(ANCHORS.trailing_zeros())
}

impl Marks {
    /// Those that are there. Where a predecessor left one, this producer leaves no second: the first is the one that has
    /// records behind it, should this producer die before it publishes.
    pub(crate) fn of(publisher: &Publisher<Unit, Records>) -> Self {
        let ring = publisher.ring();
        let shift = shift(ring.capacity());
        let eighth = publisher.next() >> shift;
        let anchor = ring.anchor(eighth).load(Ordering::Relaxed);
        let is_marked = anchor >> shift == eighth && anchor < publisher.next();
        Self { from: if is_marked { (eighth + 1) << shift } else { 0 } }
    }

    /// To be called before a run of records is published: the first one that begins in an eighth of the ring leaves an
    /// anchor (M2).
    #[inline(always)]
    pub(crate) fn mark(&mut self, publisher: &Publisher<Unit, Records>) {
        if publisher.next() >= self.from {
            self.leave(publisher);
        }
    }

    #[cold]
    fn leave(&mut self, publisher: &Publisher<Unit, Records>) {
        let ring = publisher.ring();
        let shift = shift(ring.capacity());
        let eighth = publisher.next() >> shift;
        self.from = (eighth + 1) << shift;
        // PAIR(slot contents): ordered by the release of the published cursor that follows.
        ring.anchor(eighth).store(publisher.next(), Ordering::Relaxed);
        crate::sync::point!("run: anchored");
    }
}

impl Publisher<Unit, Records> {
    /// Asks the processor for the lines that come into reach now that `units` more are published: some way ahead of what is
    /// written next.
    #[inline(always)]
    pub(crate) fn fetch_behind(&self, units: u64) {
        let reach = FETCH_AHEAD.min(self.ring().quantum());
        let end = self.next() + reach;
        self.ring().fetch_lines_to_write(end - units.min(reach), end);
    }

    /// Writes a header where the record at `offset` units from the next position begins.
    ///
    /// # Safety
    /// 1. `offset < self.room()` (R2).
    #[inline(always)]
    pub(crate) unsafe fn put_header(&self, offset: u64, header: Header) {
        // SAFETY: (1) of this function.
        unsafe { self.put_unit(offset, header.encode()) };
    }

    /// Writes a whole unit.
    ///
    /// # Safety
    /// 1. `offset < self.room()` (R2).
    #[inline(always)]
    pub(crate) unsafe fn put_unit(&self, offset: u64, unit: Unit) {
        // SAFETY: (1) of this function.
        let slot = unsafe { self.slot(offset) };
        // SAFETY: (1) the slot is this producer's until it publishes (R2).
        unsafe { slot.put(unit) };
    }
}
