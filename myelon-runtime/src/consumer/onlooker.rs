//! One who reads a stream without taking part (R7): where it stands, how it waits, what ends it.
//!
//! Its segment is mapped for loads only. So nobody knows of it: it holds nobody back, and nobody wakes it either; it naps
//! for a share of the time that it has waited. All else that can end a stream it sees as a consumer does
//! ([`arrival`](super::arrival)).

use super::RecvError;
use super::arrival::{Arrival, Front, Nothing, Stream};
use crate::event::RingEvent;
use crate::os;
use crate::ring::{Discipline, OPEN, Ring, Sequence};
use crate::segment::Segment;
use crate::sync::Ordering;
use crate::wait::patience::Limit;
use crate::wait::stopper::StopFlag;
use crate::wait::word::UNSEEN;
use crate::wait::{Bed, Checked, Spent, WaitStrategy};

/// What all lossy readers have in common, of events and of messages.
#[derive(Debug)]
pub(crate) struct Onlooker<E: RingEvent, D: Discipline> {
    pub(crate) ring: Ring<E, D>,
    /// The event, or unit, that is read next.
    pub(crate) next: Sequence,
    /// Where it began, or went on after it was overtaken last.
    resumed: Sequence,
    /// How often it was overtaken in a row, unless it has read much since.
    laps: u32,
    /// Events or messages that it did not get to read.
    missed: u64,
    wait: WaitStrategy,
    /// The fork generation of the process that built it.
    generation: u32,
    /// The last producer whose death was reported.
    mourned: Option<u64>,
    checked: Checked,
    stop: StopFlag,
    /// Keeps the memory mapped.
    pub(crate) segment: Segment,
}

impl<E: RingEvent, D: Discipline> Onlooker<E, D> {
    /// Over the ring of a segment that was made for these events.
    pub(crate) fn new(ring: Ring<E, D>, segment: Segment, next: Sequence, wait: WaitStrategy) -> Self {
        Self {
            ring,
            next,
            resumed: next,
            laps: 0,
            missed: 0,
            wait,
            generation: os::fork::generation(),
            mourned: None,
            checked: Checked::default(),
            stop: StopFlag::of_unseen(),
            segment,
        }
    }

    /// Whether this is the process that built it, and no child of it.
    #[inline(always)]
    pub(crate) fn is_ours(&self) -> bool {
        self.generation == os::fork::generation()
    }

    /// How often in a row it was overtaken.
    pub(crate) fn laps(&self) -> u32 {
        // Who got to read an eighth of the ring meanwhile is about as fast as its producer.
        let keeps_up = self.next.saturating_sub(self.resumed) >= (self.ring.capacity() / 8).max(1);
        if keeps_up { 0 } else { self.laps }
    }

    /// It has read all that there is.
    #[inline]
    pub(crate) fn caught_up(&mut self) {
        if self.next > self.resumed {
            self.laps = 0;
        }
    }

    /// It was overtaken once more, and goes on elsewhere.
    pub(crate) fn resume(&mut self, at: Sequence) {
        self.laps = self.laps().saturating_add(1);
        self.next = at;
        self.resumed = at;
    }

    /// Counts what was missed.
    pub(crate) fn lagged(&mut self, missed: u64) -> RecvError {
        self.missed = self.missed.saturating_add(missed);
        RecvError::Lagged { missed }
    }

    /// How many events or messages were missed altogether.
    pub(crate) fn missed(&self) -> u64 {
        self.missed
    }

    pub(crate) fn stop(&self) -> &StopFlag {
        &self.stop
    }

    /// Waits until something is published that was not read, or the stream ended.
    #[cold]
    #[inline(never)]
    pub(crate) fn arrive(&mut self, limit: Limit) -> Result<Arrival, Nothing> {
        if !self.is_ours() {
            return Err(Nothing::Failed(RecvError::Forked));
        }
        let bed = Bed { word: self.segment.data_wait(), bit: UNSEEN, strategy: self.wait };
        let mut stream = Stream {
            front: &mut Ahead { ring: &self.ring, next: self.next },
            segment: &self.segment,
            stop: &self.stop,
            mourned: &mut self.mourned,
        };
        stream.arrive(bed, limit, &mut self.checked, &mut Spent::default())
    }
}

/// What lies before a lossy reader.
struct Ahead<'a, E, D> {
    ring: &'a Ring<E, D>,
    next: Sequence,
}

impl<E: RingEvent, D: Discipline> Front for Ahead<'_, E, D> {
    #[inline(always)]
    fn look(&mut self) -> Result<bool, RecvError> {
        let published = self.ring.plausible();
        published
            .map(|published| published > self.next)
            .map_err(|found| RecvError::Corrupt { sequence: self.next, found })
    }

    fn is_ended(&self) -> bool {
        // PAIR(closed): released in `Publisher::close`.
        let closed_at = self.ring.closed_at().load(Ordering::Acquire);
        closed_at != OPEN && closed_at <= self.next
    }

    fn next(&self) -> Sequence {
        self.next
    }
}
