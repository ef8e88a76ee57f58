//! The producer's side: headers, padding, and the anchors by which readers find a place to begin.

use super::{ANCHORS, Header, LINE_UNITS, Records, UNIT, Unit};
use crate::ring::publisher::Publisher;
use crate::ring::slots::LINE;
use crate::sync::Ordering;

/// Where the next anchor is due.
#[derive(Debug)]
pub(crate) struct Marks {
    /// The first position that is in need of a new one.
    from: u64,
}

/// How far ahead of what is written lines are asked for, in units: 1 KiB, as for events.
pub(super) const FETCH_AHEAD: u64 = 1024 / UNIT as u64;

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
        let mut line = (end - units.min(reach)).next_multiple_of(LINE_UNITS);
        while line < end {
            self.ring().fetch_to_write(line);
            line += LINE_UNITS;
        }
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

/// Payloads from here on are worth the call of `memcpy`.
const LONG: usize = 128;

/// Copies a payload into the ring. What is left of its last unit may be written too.
///
/// Unit by unit up to where a cache line begins, and what is long from there on as `memcpy` does it. So no store
/// straddles two lines, as the wide ones of a `memcpy` to an odd place do: such a store waits for both, and nothing
/// overtakes it (measured: see the benchmark).
///
/// # Safety
/// 1. All units that the payload takes, from `to` on, are the caller's to write (R2), and `to` is where a unit begins.
#[inline(always)]
#[cfg(not(loom))]
pub(crate) unsafe fn copy_in_units(from: &[u8], to: core::ptr::NonNull<u8>) {
    let until_line = to.as_ptr().addr().wrapping_neg() % LINE;
    match from.split_at_checked(until_line) {
        Some((head, tail)) if tail.len() >= LONG => {
            // SAFETY: (1): as many units as there are before the next line.
            unsafe { copy_each_unit(head, to) };
            // SAFETY: the payload is longer than that.
            let line = unsafe { to.add(until_line) };
            // SAFETY: (1); private memory does not overlap the ring's free units.
            unsafe { line.as_ptr().copy_from_nonoverlapping(tail.as_ptr(), tail.len()) };
        }
        // SAFETY: (1).
        _ => unsafe { copy_each_unit(from, to) },
    }
}

/// # Safety
/// 1. As for [`copy_in_units`].
#[inline(always)]
#[cfg(not(loom))]
unsafe fn copy_each_unit(from: &[u8], to: core::ptr::NonNull<u8>) {
    let mut whole = from.chunks_exact(UNIT);
    let mut unit = to.cast::<u128>();
    for bytes in whole.by_ref().filter_map(<[u8]>::first_chunk::<UNIT>) {
        // SAFETY: (1): aligned, and one of the payload's units.
        unsafe { unit.write(u128::from_ne_bytes(*bytes)) };
        // SAFETY: at most one behind the last whole unit.
        unit = unsafe { unit.add(1) };
    }
    let rest = whole.remainder();
    if !rest.is_empty() {
        let mut bytes = [0; UNIT];
        for (to, from) in bytes.iter_mut().zip(rest) {
            *to = *from;
        }
        // SAFETY: (1): the payload's last unit.
        unsafe { unit.write(u128::from_ne_bytes(bytes)) };
    }
}
