//! A reliable consumer's side of the ring.

use super::{Discipline, OPEN, Ring};
use crate::event::RingEvent;
use crate::sync::{AtomicU64, ConstPtr, Ordering, opaque};

/// The one that stores the cursor of one entry (R1).
#[derive(Debug)]
pub(crate) struct Reader<E, D> {
    ring: Ring<E, D>,
    entry: u32,
    /// The sequence that will be read next.
    next: u64,
    /// Events below are known to be visible; `next <= known <= next + capacity`.
    known: u64,
}

/// The shared words say what no producer of ours could have written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Corrupt {
    /// The sequence that was wanted.
    pub(crate) wanted: u64,
    /// The cursor or stamp that was found.
    pub(crate) found: u64,
}

impl<E: RingEvent, D: Discipline> Reader<E, D> {
    /// Reads on from `start`, which `join::finish` or `join::kept` gave. `entry` is the caller's own, and active.
    pub(crate) fn new(ring: Ring<E, D>, entry: u32, start: u64) -> Self {
        Self { ring, entry, next: start, known: start }
    }

    #[inline(always)]
    pub(crate) fn ring(&self) -> &Ring<E, D> {
        &self.ring
    }

    pub(crate) fn entry(&self) -> u32 {
        self.entry
    }

    /// The sequence that will be read next.
    #[inline(always)]
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    /// How many events are known to be there without another look.
    #[inline(always)]
    pub(crate) fn known(&self) -> u64 {
        self.known - self.next
    }

    /// Looks whether the next event is visible, and for dense slots how many are (R4). Forgets what it knew of
    /// further ones, so it is to be asked when [`known`](Self::known) is 0.
    #[inline(always)]
    pub(crate) fn look(&mut self) -> Result<bool, Corrupt> {
        let found = if D::STAMPED {
            let stamp = self.ring.stamped(self.next);
            if stamp == opaque(self.next) + 1 {
                self.known = self.next + 1;
                return Ok(true);
            }
            // Zero or a former lap: not yet.
            if stamp <= self.next {
                return Ok(false);
            }
            stamp
        } else {
            // PAIR(slot contents): released in `Ring::show`.
            let published = self.ring.published().load(Ordering::Acquire);
            if published == opaque(self.next) {
                return Ok(false);
            }
            if published.wrapping_sub(self.next) <= self.ring.capacity() {
                self.known = published;
                return Ok(true);
            }
            published
        };
        Err(self.corrupt(found))
    }

    #[cold]
    fn corrupt(&self, found: u64) -> Corrupt {
        Corrupt { wanted: self.next, found }
    }

    /// Finds out how many events are visible, at most `most`. After [`look`](Self::look) said yes.
    pub(crate) fn look_ahead(&mut self, most: u64) -> u64 {
        // Foreign stamps can not make it more than the ring holds.
        let most = most.min(self.ring.capacity());
        if D::STAMPED {
            while self.known - self.next < most && self.ring.stamped(self.known) == opaque(self.known) + 1 {
                self.known += 1;
            }
        } else {
            // More may be there than the last look found; what is corrupt is told by the next look.
            let _ = self.look();
        }
        (self.known - self.next).min(most)
    }

    /// Whether the event of `next + ahead` is visible, given that all before it are known to be. For dense slots
    /// it looks no further than the last [`look`](Self::look) did. Remembers nothing, so that a loop over events
    /// stores nothing per event.
    #[inline(always)]
    pub(crate) fn is_there(&self, ahead: u64) -> bool {
        let sequence = self.next + ahead;
        sequence < self.known || (D::STAMPED && self.ring.stamped(sequence) == opaque(sequence) + 1)
    }

    /// The event of `next + ahead`, to be read until its sequence is acknowledged.
    ///
    /// # Safety
    /// 1. `ahead < self.known()`, or `is_there` said yes for `ahead` and all before it (R4).
    #[inline(always)]
    pub(crate) unsafe fn event(&self, ahead: u64) -> ConstPtr<E> {
        self.ring.cell(self.next + ahead).read()
    }

    /// Gives `count` slots back to the producer (R5): they must not be accessed any more.
    #[inline(always)]
    pub(crate) fn acknowledge(&mut self, count: u64) {
        self.next += count;
        self.known = self.known.max(self.next);
        // PAIR(end of reading): acquired in `gate::scan`.
        self.cursor().store(self.next, Ordering::Release);
    }

    #[inline(always)]
    fn cursor(&self) -> &AtomicU64 {
        // The entry is the caller's own, so the cursor is there; entry 0 always is.
        match self.ring.cursor(self.entry) {
            Some(cursor) => cursor,
            None => unreachable!("a reader's entry lies in the registry"),
        }
    }

    /// Whether the stream ended at or before the next event. To be asked when [`look`](Self::look) said no;
    /// events published before the end are seen by a look after this one said yes.
    #[inline]
    pub(crate) fn end(&self) -> Option<u64> {
        // PAIR(closed): released in `Publisher::close`.
        let closed_at = self.ring.closed_at().load(Ordering::Acquire);
        (closed_at != OPEN && closed_at <= self.next).then_some(closed_at)
    }
}
