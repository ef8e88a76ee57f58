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
    walk: Walk,
    /// Whether looks in vain ask for the next two lines ([`Discipline::EAGER`]): the message that the last call received first
    /// was a short one.
    eager: bool,
}

/// How far a reader has seen. A value of its own, so that a loop over events can keep it in registers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Walk {
    /// Events below are known to be visible; `next <= known <= next + capacity`.
    known: u64,
    /// How many stamps in a row were there at once.
    streak: u32,
    /// The reader's own cursor when it last stored it: no producer is more than a ring ahead of that.
    released: u64,
}

impl Walk {
    /// Whether the event `sequence` is visible, given that all before it are known to be (R4). For dense slots it
    /// looks no further than the last [`Reader::look`] did.
    #[inline(always)]
    pub(crate) fn sees<E: RingEvent, D: Discipline>(&mut self, ring: &Ring<E, D>, sequence: u64) -> bool {
        if sequence < self.known {
            return true;
        }
        if !D::STAMPED {
            return false;
        }
        if ring.stamped(sequence) != opaque(sequence) + 1 {
            self.streak = 0;
            return false;
        }
        self.advance(ring, sequence);
        true
    }

    /// The stamp of `sequence` was there.
    #[inline(always)]
    fn advance<E: RingEvent, D: Discipline>(&mut self, ring: &Ring<E, D>, sequence: u64) {
        self.known = sequence + 1;
        self.streak += 1;
        if self.streak >= STREAK {
            self.streak = 0;
            // PAIR(slot contents): released in `Ring::show`.
            let published = ring.published().load(Ordering::Acquire);
            // It may be behind the stamps; and what no producer writes is not taken for news.
            if published.wrapping_sub(self.released) <= ring.capacity() {
                self.known = self.known.max(published);
            }
        }
    }

    /// Asks the processor for the line of an event some way ahead of the one in hand, if it is known to be there.
    /// Never for one that is not: that would take the line from the producer, which is about to write it. (A reader that waits
    /// for a short message may: see [`Reader::expect_short`].)
    #[inline(always)]
    pub(crate) fn fetch<E: RingEvent, D: Discipline>(self, ring: &Ring<E, D>, sequence: u64) {
        let ahead = sequence + const { Ring::<E, D>::ahead(READ_AHEAD) };
        if ahead < self.known {
            ring.fetch_to_read(ahead);
        }
    }
}

/// After so many stamps in a row that were there at once the stream is busy: one look at the published cursor
/// saves the looks at the stamps below it. A ping-pong or a slow stream never asks for that line.
const STREAK: u32 = 32;

/// How far ahead of the event in hand a reader asks for lines, in bytes.
const READ_AHEAD: usize = 1024;

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
        Self {
            ring,
            entry,
            next: start,
            walk: Walk { known: start, streak: 0, released: start },
            eager: false,
        }
    }

    /// Whether what comes next is so short that its lines are worth asking for before it is there: then they come together
    /// with the news, and not after it. The longer it is, the longer its producer would have to wait for them.
    #[inline(always)]
    pub(crate) fn expect_short(&mut self, short: bool) {
        debug_assert!(D::EAGER, "of a discipline that asks for none");
        self.eager = short;
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
        self.walk.known - self.next
    }

    /// Looks whether the next event is visible, and for dense slots how many are (R4). Forgets what it knew of
    /// further ones, so it is to be asked when [`known`](Self::known) is 0.
    #[inline(always)]
    pub(crate) fn look(&mut self) -> Result<bool, Corrupt> {
        if D::STAMPED {
            let stamp = self.ring.stamped(self.next);
            if stamp == opaque(self.next) + 1 {
                self.walk.advance(&self.ring, self.next);
                return Ok(true);
            }
            self.walk.streak = 0;
            // Zero or a former lap: not yet.
            return if stamp <= self.next { Ok(false) } else { Err(self.corrupt(stamp)) };
        }
        // PAIR(slot contents): released in `Ring::show`.
        let published = self.ring.published().load(Ordering::Acquire);
        if published == opaque(self.next) {
            if D::EAGER && self.eager {
                self.ring.fetch_next_lines(self.next);
            }
            return Ok(false);
        }
        if published.wrapping_sub(self.next) <= self.ring.capacity() {
            self.walk.known = published;
            return Ok(true);
        }
        Err(self.corrupt(published))
    }

    /// A copy of how far this reader has seen, to walk on with; [`remember`](Self::remember) takes it back.
    #[inline(always)]
    pub(crate) fn walk(&self) -> Walk {
        self.walk
    }

    #[inline(always)]
    pub(crate) fn remember(&mut self, walk: Walk) {
        self.walk = walk;
    }

    #[cold]
    fn corrupt(&self, found: u64) -> Corrupt {
        Corrupt { wanted: self.next, found }
    }

    /// Finds out how many events are visible, at most `most`. After [`look`](Self::look) said yes.
    pub(crate) fn look_ahead(&mut self, most: u64) -> u64 {
        // Foreign stamps can not make it more than the ring holds.
        let most = most.min(self.ring.capacity());
        if !D::STAMPED {
            // More may be there than the last look found. What is corrupt, the look at an empty ring tells.
            let _ = self.look();
        }
        let mut walk = self.walk;
        let mut end = walk.known;
        while end - self.next < most && walk.sees(&self.ring, end) {
            end = walk.known;
        }
        self.walk = walk;
        (end - self.next).min(most)
    }

    /// The event of `next + ahead`, to be read until its sequence is acknowledged.
    ///
    /// # Safety
    /// 1. `ahead < self.known()`, or [`Walk::sees`] said yes to it and to all before it (R4).
    #[inline(always)]
    pub(crate) unsafe fn event(&self, ahead: u64) -> ConstPtr<E> {
        self.ring.cell(self.next + ahead).read()
    }

    /// Gives `count` slots back to the producer (R5): they must not be accessed any more.
    #[cfg(test)]
    pub(crate) fn acknowledge(&mut self, count: u64) {
        self.pass(count);
        self.settle();
    }

    /// Goes on behind `count` slots that are known to be there, without giving them back yet.
    #[inline(always)]
    pub(crate) fn pass(&mut self, count: u64) {
        self.next += count;
    }

    /// The cursor that the producer sees: everything before it is given back.
    #[inline(always)]
    pub(crate) fn settled(&self) -> u64 {
        self.walk.released
    }

    /// Gives back everything that was passed (R5): it must not be accessed any more.
    #[inline(always)]
    pub(crate) fn settle(&mut self) {
        self.walk.released = self.next;
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
