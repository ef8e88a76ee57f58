//! What a producer can learn of its consumers, and waiting for them.

use core::time::Duration;
use std::time::Instant;

use super::room::{Room, Stuck};
use super::{Blocker, Producer, PublishError, PublishTimeoutError, WaitConsumersError};
use crate::counters::Health;
use crate::event::RingEvent;
use crate::os;
use crate::ring::entry::{self, State};
use crate::ring::{Discipline, Sequence};
use crate::segment::{AttachError, Named};
use crate::wait::patience::Limit;
use crate::wait::word::waiter_bit;
use crate::wait::{self, Await, Bed, Spent};

impl<E: RingEvent, D: Discipline> Producer<E, D> {
    /// The consumer that is furthest behind, while it leaves no room for one more event. Asks the kernel
    /// whether it lives: a microsecond, not for the hot path.
    pub fn blocker(&mut self) -> Option<Blocker> {
        self.blocker_of(1)
    }

    /// The same while it leaves no room for `count` events.
    pub(super) fn blocker_of(&mut self, count: u64) -> Option<Blocker> {
        if self.generation != os::fork::generation() {
            return None;
        }
        let slowest = self.slowest();
        slowest.filter(|_| self.publisher.room() < count)
    }

    /// The consumer that is furthest behind, whether it is in the way or not.
    fn slowest(&mut self) -> Option<Blocker> {
        let gate = self.room_for(1).scan();
        let entry = gate.entry?;
        let identity = self.segment.consumer_identity(entry);
        let lag = self.publisher.next().saturating_sub(gate.cursor);
        Some(Blocker {
            id: identity.id,
            pid: identity.pid,
            alive: self.segment.is_alive(entry).unwrap_or(true),
            lag,
            lag_bytes: lag * size_of::<E>() as u64,
            idle: self.watch.idle(Instant::now()),
            entry,
            last: self.segment.last_of(entry),
        })
    }

    /// How the channel is: everybody who takes part, who holds it up, and what happened last. Asks the kernel for each: not
    /// for the hot path.
    ///
    /// # Errors
    /// [`AttachError::Unreadable`] if somebody wrote over the head of the segment; in a forked child always some error.
    pub fn health(&mut self) -> Result<Health, AttachError> {
        let gate = self.room_for(1).scan();
        let mut health = Health::of(&self.segment)?;
        if let Some(entry) = gate.entry {
            health.note_idle(entry, self.watch.idle(Instant::now()));
        }
        Ok(health)
    }

    /// How many events the slowest consumer has not released yet; 0 without consumers.
    pub fn lag(&mut self) -> u64 {
        let gate = self.room_for(1).scan();
        if gate.entry.is_some() { self.publisher.next().saturating_sub(gate.cursor) } else { 0 }
    }

    /// How many events fit at the moment. More may fit by the time that this is read; fewer only if a consumer
    /// attached meanwhile that starts further back.
    pub fn free_slots(&mut self) -> u64 {
        self.capacity().saturating_sub(self.lag())
    }

    /// How many consumers are attached and alive. Asks the kernel for each: not for the hot path.
    pub fn consumers(&self) -> usize {
        self.attached().filter(|entry| self.segment.is_alive(*entry).unwrap_or(true)).count()
    }

    fn attached(&self) -> impl Iterator<Item = u32> {
        let ring = self.publisher.ring();
        (0..ring.entry_count()).filter(|index| {
            ring.entry(*index).and_then(entry::read).is_some_and(|word| word.state == State::Active)
        })
    }

    /// Whether every consumer has released the event `sequence`.
    pub fn is_consumed(&mut self, sequence: Sequence) -> bool {
        self.room_for(1).scan().cursor > sequence
    }

    /// Waits until every consumer has released the event `sequence`. Without consumers there is nobody to wait
    /// for. A consumer that dies meanwhile is let go as the channel's policy says.
    ///
    /// # Errors
    /// [`PublishTimeoutError::TimedOut`] if that takes longer than `timeout`.
    pub fn wait_consumed(
        &mut self,
        sequence: Sequence,
        timeout: Duration,
    ) -> Result<(), PublishTimeoutError> {
        if self.generation != os::fork::generation() {
            return Err(PublishTimeoutError::Failed(PublishError::Forked));
        }
        if self.is_consumed(sequence) {
            return Ok(());
        }
        let deadline = Limit::after(timeout).deadline();
        let strategy = self.wait;
        let mut checked = self.checked;
        let room = self.room_for(1);
        let bed = Bed { word: room.segment().room_wait(), bit: waiter_bit(0), strategy };
        let mut consumed = Consumed { room, sequence };
        let outcome = wait::wait(bed, deadline, &mut checked, &mut Spent::default(), &mut consumed);
        self.checked = checked;
        match outcome {
            Some(Ok(())) => Ok(()),
            Some(Err(failed)) => Err(PublishTimeoutError::Failed(failed)),
            None => Err(Stuck::TimedOut(self.slowest().map(Box::new)).into()),
        }
    }

    /// Waits until at least `wanted` consumers are attached and alive, so that the first event finds its
    /// readers.
    ///
    /// # Errors
    /// [`WaitConsumersError::TimedOut`] says how many there were.
    pub fn wait_for_consumers(&mut self, wanted: usize, timeout: Duration) -> Result<(), WaitConsumersError> {
        if self.generation != os::fork::generation() {
            return Err(WaitConsumersError::Failed(PublishError::Forked));
        }
        let bed = Bed { word: self.segment.room_wait(), bit: waiter_bit(0), strategy: self.wait };
        let mut checked = self.checked;
        let mut attached = Attached { producer: self, wanted };
        let deadline = Limit::after(timeout).deadline();
        let outcome = wait::wait(bed, deadline, &mut checked, &mut Spent::default(), &mut attached);
        self.checked = checked;
        match outcome {
            Some(outcome) => outcome,
            None => Err(WaitConsumersError::TimedOut { wanted, attached: self.consumers() }),
        }
    }
}

/// A producer that waits for an event to be released by everybody.
struct Consumed<'a, E: RingEvent, D: Discipline> {
    room: Room<'a, E, D>,
    sequence: Sequence,
}

impl<E: RingEvent, D: Discipline> Await for Consumed<'_, E, D> {
    type Output = Result<(), PublishError>;

    fn look(&mut self) -> Option<Self::Output> {
        (self.room.scan().cursor > self.sequence).then_some(Ok(()))
    }

    fn glance(&mut self) -> Option<Self::Output> {
        self.room.glance()
    }

    fn check(&mut self, now: Instant) -> Option<Self::Output> {
        // Room is not what is wanted, so a success of that check is only a reason to look again.
        match self.room.check(now) {
            Some(Err(failed)) => Some(Err(failed)),
            Some(Ok(())) | None => self.look(),
        }
    }

    fn wanted(&self) -> u64 {
        self.sequence.saturating_add(1)
    }
}

/// A producer that waits for consumers to attach; they wake it when they do.
struct Attached<'a, E: RingEvent, D: Discipline> {
    producer: &'a Producer<E, D>,
    wanted: usize,
}

impl<E: RingEvent, D: Discipline> Await for Attached<'_, E, D> {
    type Output = Result<(), WaitConsumersError>;

    fn look(&mut self) -> Option<Self::Output> {
        let enough =
            self.producer.attached().count() >= self.wanted && self.producer.consumers() >= self.wanted;
        enough.then_some(Ok(()))
    }

    fn glance(&mut self) -> Option<Self::Output> {
        self.producer.stop.is_stopped().then_some(Err(WaitConsumersError::Failed(PublishError::Stopped)))
    }

    fn check(&mut self, _: Instant) -> Option<Self::Output> {
        match self.producer.segment.still_named() {
            Named::Yes => None,
            Named::Gone => Some(Err(WaitConsumersError::Removed)),
            Named::Replaced => Some(Err(WaitConsumersError::Failed(PublishError::Superseded))),
        }
    }
}
