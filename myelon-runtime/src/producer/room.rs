//! Waiting for room: the cold half of every publish.

use core::time::Duration;
use std::time::Instant;

use super::tend::Round;
use super::{AlertCall, Blocker, Full, Producer, PublishError, PublishTimeoutError, TryPublishError};
use crate::counters::ProducerCounters;
use crate::event::RingEvent;
use crate::liveness::{Lost, Watch};
use crate::os;
use crate::ring::Discipline;
use crate::ring::gate::Gate;
use crate::ring::publisher::Publisher;
use crate::segment::{Named, Segment};
use crate::wait::patience::{By, Forever, Limit, Now, Patience, Within};
use crate::wait::stopper::StopFlag;
use crate::wait::word::waiter_bit;
use crate::wait::{self, Await, Bed, Spent, WaitStrategy};

/// How long a publish may wait; decides its error type.
pub(crate) trait Grace: Patience {
    type Error: From<Stuck>;
}

impl Grace for Forever {
    type Error = PublishError;
}
impl Grace for Now {
    type Error = TryPublishError;
}
impl Grace for Within {
    type Error = PublishTimeoutError;
}
impl Grace for By {
    type Error = PublishTimeoutError;
}

/// Why there is no room.
#[derive(Debug)]
pub(crate) enum Stuck {
    Full(Full),
    TimedOut(Option<Box<Blocker>>),
    Failed(PublishError),
}

impl<E: RingEvent, D: Discipline> Producer<E, D> {
    #[cold]
    #[inline(never)]
    pub(crate) fn reserve_slow(&mut self, count: u64, limit: Limit) -> Result<(), Stuck> {
        if self.generation != os::fork::generation() {
            return Err(Stuck::Failed(PublishError::Forked));
        }
        if let Some(lost) = &self.lost {
            return Err(Stuck::Failed(PublishError::RequiredLost(lost.clone())));
        }
        let strategy = self.wait;
        let mut checked = self.checked;
        let mut room = self.room_for(count);
        if room.look().is_some() {
            room.settle();
            return Ok(());
        }
        room.counters.full.add(1);
        let now = Instant::now();
        if room.make_way(now).map_err(Stuck::Failed)? {
            return Ok(());
        }
        let mut spent = Spent::default();
        let outcome = if matches!(limit, Limit::Now) {
            // One who only ever tries learns of what ends a channel as soon as one who waits.
            let outcome = if checked.is_due(now) { room.check(now) } else { None };
            outcome.ok_or(Stuck::Full(room.full()))
        } else {
            room.counters.waits.add(1);
            // One who sleeps at once cannot insist: a look would take as long as a sleep.
            room.eager = if strategy == WaitStrategy::Park { 0 } else { EAGER_LOOKS };
            let bed = Bed { word: room.segment.room_wait(), bit: waiter_bit(0), strategy };
            wait::wait(bed, limit.deadline(), &mut checked, &mut spent, &mut room)
                .ok_or(Stuck::TimedOut(None))
        };
        self.counters.parks.add(spent.parks);
        self.checked = checked;
        match outcome {
            Ok(Ok(())) => {
                self.room_for(count).settle();
                Ok(())
            }
            Ok(Err(failed)) => Err(Stuck::Failed(failed)),
            Err(Stuck::TimedOut(_)) => Err(Stuck::TimedOut(self.blocker_of(count).map(Box::new))),
            Err(full) => Err(full),
        }
    }

    /// The parts of this end that deal with room for `count` events.
    pub(crate) fn room_for(&mut self, count: u64) -> Room<'_, E, D> {
        let below = (self.publisher.next() + count).saturating_sub(self.publisher.ring().capacity());
        Room {
            below,
            on_alert: &mut self.on_alert,
            lost: &mut self.lost,
            publisher: &mut self.publisher,
            watch: &mut self.watch,
            counters: &self.counters,
            segment: &self.segment,
            stop: &self.stop,
            count,
            eager: 0,
        }
    }
}

/// A producer that wants `count` free slots.
pub(crate) struct Room<'a, E: RingEvent, D: Discipline> {
    pub(super) publisher: &'a mut Publisher<E, D>,
    pub(super) watch: &'a mut Watch,
    pub(super) counters: &'a ProducerCounters,
    pub(super) segment: &'a Segment,
    pub(super) on_alert: &'a mut Option<AlertCall>,
    /// Who ended the stream, if somebody did.
    pub(super) lost: &'a mut Option<Box<Lost>>,
    stop: &'a StopFlag,
    count: u64,
    /// Whose cursor is below this is in the way.
    pub(super) below: u64,
    /// How many more looks hold out for [`EASE`] free slots.
    eager: u32,
}

/// How much room a producer that found the ring full would like before it goes on: one that follows on the heels
/// of its slowest consumer asks for that consumer's cursor line at every event, and slows both (measured: 5 to
/// 25 % of the stream).
const EASE: u64 = 64;
/// For how many looks it insists. A consumer may hold all but one slot for as long as it likes.
const EAGER_LOOKS: u32 = 256;
const _: () = assert!(EAGER_LOOKS <= wait::TIGHT_LOOKS, "nobody sleeps or times out while there is room");

impl<'a, E: RingEvent, D: Discipline> Room<'a, E, D> {
    pub(crate) fn segment(&self) -> &'a Segment {
        self.segment
    }

    /// Looks at all consumers, notes the largest lag of each and who gates.
    pub(crate) fn scan(&mut self) -> Gate {
        let published = self.publisher.next();
        let counters = self.counters;
        let gate = self.publisher.scan(|entry, cursor| counters.note_lag(entry, published - cursor));
        self.watch.observe(gate, Instant::now);
        gate
    }

    pub(crate) fn full(&self) -> Full {
        let gate = self.watch.gate();
        let lag = self.publisher.next().saturating_sub(gate.cursor);
        Full { gating: gate.entry.unwrap_or(u32::MAX), lag, lag_bytes: lag * size_of::<E>() as u64 }
    }

    /// For one who waits until every cursor has reached `below`.
    pub(crate) fn passing(self, below: u64) -> Self {
        Self { below, ..self }
    }
}

impl<E: RingEvent, D: Discipline> Room<'_, E, D> {
    /// Looks after those in the way if it is time, and lets go who may be let go. True if somebody went.
    pub(crate) fn clear(&mut self, now: Instant) -> Result<bool, PublishError> {
        if self.watch.is_due(now) { self.tend(Round::InTheWay, now) } else { Ok(false) }
    }

    /// The same, until there is room or nobody more to go. True if there
    /// is room.
    fn make_way(&mut self, now: Instant) -> Result<bool, PublishError> {
        while self.clear(now)? {
            if self.look().is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl<E: RingEvent, D: Discipline> Await for Room<'_, E, D> {
    type Output = Result<(), PublishError>;

    fn look(&mut self) -> Option<Self::Output> {
        self.scan();
        let mut enough = self.count;
        if self.eager > 0 {
            self.eager -= 1;
            enough = enough.max(EASE.min(self.publisher.ring().quantum()));
        }
        (enough <= self.publisher.room()).then_some(Ok(()))
    }

    fn glance(&mut self) -> Option<Self::Output> {
        self.stop.is_stopped().then_some(Err(PublishError::Stopped))
    }

    fn check(&mut self, now: Instant) -> Option<Self::Output> {
        match self.make_way(now) {
            Ok(true) => return Some(Ok(())),
            Ok(false) => {}
            Err(failed) => return Some(Err(failed)),
        }
        (self.segment.still_named() == Named::Replaced).then_some(Err(PublishError::Superseded))
    }

    fn check_every(&self) -> Duration {
        self.watch.check_every().unwrap_or(Duration::MAX)
    }

    /// While waiting for one slot, let some more become free before a wake-up is worth its system call.
    fn wanted(&self) -> u64 {
        let ring = self.publisher.ring();
        let ease = (ring.quantum() / 2).min(ring.capacity() - self.count);
        (self.publisher.next() + self.count + ease).saturating_sub(ring.capacity())
    }
}
