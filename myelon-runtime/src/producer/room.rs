//! Waiting for room: the cold half of every publish.

use std::time::Instant;

use super::{Blocker, Full, Producer, PublishError, PublishTimeoutError, TryPublishError};
use crate::counters::ProducerCounters;
use crate::event::RingEvent;
use crate::lifecycle::{LifecycleEvent, Whom};
use crate::liveness::{Evidence, Verdict, Watch};
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
        let strategy = self.wait;
        let mut checked = self.checked;
        let mut room = self.room_for(count);
        if room.look().is_some() {
            return Ok(());
        }
        room.counters.full.add(1);
        let now = Instant::now();
        if room.let_go_of_the_dead(now) {
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
            Ok(outcome) => outcome.map_err(Stuck::Failed),
            Err(Stuck::TimedOut(_)) => Err(Stuck::TimedOut(self.blocker_of(count).map(Box::new))),
            Err(full) => Err(full),
        }
    }

    /// The parts of this end that deal with room for `count` events.
    pub(crate) fn room_for(&mut self, count: u64) -> Room<'_, E, D> {
        Room {
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
    publisher: &'a mut Publisher<E, D>,
    watch: &'a mut Watch,
    counters: &'a ProducerCounters,
    segment: &'a Segment,
    stop: &'a StopFlag,
    count: u64,
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

    /// Evicts the consumer that gates if it is proved dead and the policy says so. True if somebody went.
    pub(crate) fn let_go_if_dead(&mut self, now: Instant) -> bool {
        let Some(entry) = self.watch.gate().entry else { return false };
        if !self.watch.probe_is_due(now) {
            return false;
        }
        // What cannot be told is taken for alive: only evidence takes anything away.
        let evidence = match self.segment.is_alive(entry) {
            Ok(false) => Evidence::Dead,
            Ok(true) | Err(_) => Evidence::Alive,
        };
        let verdict = self.watch.judge(evidence, now);
        if evidence == Evidence::Dead {
            self.segment.note_once(LifecycleEvent::Died, Whom::Entry(entry));
        }
        let never_began = evidence == Evidence::Dead && !self.segment.has_a_place(entry);
        if verdict == Verdict::Wait && !never_began {
            return false;
        }
        // Takes the lock itself and looks again before it lets go (L3, L6): meanwhile somebody may have taken the entry,
        // and died, whose place is to be kept.
        let gone = match verdict {
            Verdict::Evict => self.segment.evict(entry),
            Verdict::Wait => self.segment.evict_unseated(entry),
        };
        let gone = gone.unwrap_or(false);
        if gone {
            self.counters.evictions.add(1);
        }
        gone
    }
}

impl<E: RingEvent, D: Discipline> Room<'_, E, D> {
    /// Lets go whoever gates, is dead and may be let go, one after the other, until there is room. True if there is.
    fn let_go_of_the_dead(&mut self, now: Instant) -> bool {
        while self.let_go_if_dead(now) {
            if self.look().is_some() {
                return true;
            }
        }
        false
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
        if self.let_go_of_the_dead(now) {
            return Some(Ok(()));
        }
        (self.segment.still_named() == Named::Replaced).then_some(Err(PublishError::Superseded))
    }

    /// While waiting for one slot, let some more become free before a wake-up is worth its system call.
    fn wanted(&self) -> u64 {
        let ring = self.publisher.ring();
        let ease = (ring.quantum() / 2).min(ring.capacity() - self.count);
        (self.publisher.next() + self.count + ease).saturating_sub(ring.capacity())
    }
}
