//! What a producer can learn of its consumers, and waiting for them.

use core::time::Duration;
use std::time::Instant;

use super::room::{Room, Stuck};
use super::tend::Round;
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
            attached: !self.segment.is_reserved(entry),
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
        let room = self.room_for(1).passing(sequence.saturating_add(1));
        let bed = Bed { word: room.segment().room_wait(), bit: waiter_bit(0), strategy };
        let mut consumed = Consumed { room, sequence };
        let outcome = wait::wait(bed, deadline, &mut checked, &mut Spent::default(), &mut consumed);
        self.checked = checked;
        match outcome {
            Some(Ok(())) => {
                self.room_for(1).settle();
                Ok(())
            }
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
        let producer = &*self;
        let enough = || producer.attached().count() >= wanted && producer.consumers() >= wanted;
        match self.wait_until_attached(enough, timeout) {
            Some(outcome) => outcome,
            None => Err(WaitConsumersError::TimedOut { wanted, attached: self.consumers() }),
        }
    }

    /// Waits until all required consumers are attached and alive, so that nobody has to be waited for later.
    ///
    /// # Errors
    /// [`WaitConsumersError::Missing`] names those that are not.
    pub fn wait_for_required(&mut self, timeout: Duration) -> Result<(), WaitConsumersError> {
        if self.generation != os::fork::generation() {
            return Err(WaitConsumersError::Failed(PublishError::Forked));
        }
        let producer = &*self;
        match self.wait_until_attached(|| producer.is_complete(), timeout) {
            Some(outcome) => outcome,
            None => Err(WaitConsumersError::Missing { missing: self.missing(), waited: timeout }),
        }
    }

    /// `None` if the time is up.
    fn wait_until_attached(
        &self,
        enough: impl Fn() -> bool,
        timeout: Duration,
    ) -> Option<Result<(), WaitConsumersError>> {
        let bed = Bed { word: self.segment.room_wait(), bit: waiter_bit(0), strategy: self.wait };
        let mut checked = self.checked;
        let deadline = Limit::after(timeout).deadline();
        let mut attached = Attached { producer: self, enough };
        wait::wait(bed, deadline, &mut checked, &mut Spent::default(), &mut attached)
    }

    /// The required consumers that are not attached, or dead. Asks the kernel for each: not for the hot path.
    pub fn missing(&self) -> Vec<String> {
        let mut missing: Vec<String> = self.watch.required().map(str::to_owned).collect();
        for entry in self.attached() {
            let Some(id) = self.segment.consumer_id(entry) else { continue };
            if self.segment.is_alive(entry).unwrap_or(true) {
                missing.retain(|one| *one != id.as_str());
            }
        }
        missing
    }

    /// How many consumers are required.
    pub(crate) fn required_count(&self) -> usize {
        self.watch.required().count()
    }

    fn is_complete(&self) -> bool {
        // Nobody asks the kernel as long as it is plain that somebody is missing.
        self.attached().count() >= self.required_count() && self.missing().is_empty()
    }

    /// Looks after all required consumers now, and after whoever is in the way, as a publish that waits for room does.
    /// Checks are otherwise made only while the producer waits.
    ///
    /// # Errors
    /// As for a publish that waits: what follows from the policy of one that is missing, stalled or dead.
    pub fn check_health(&mut self) -> Result<(), PublishError> {
        if self.generation != os::fork::generation() {
            return Err(PublishError::Forked);
        }
        if let Some(lost) = &self.lost {
            return Err(PublishError::RequiredLost(lost.clone()));
        }
        let mut room = self.room_for(1);
        room.settle();
        room.tend(Round::All, Instant::now()).map(|_| ())
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

    fn check_every(&self) -> Duration {
        self.room.check_every()
    }

    fn wanted(&self) -> u64 {
        self.sequence.saturating_add(1)
    }
}

/// A producer that waits for consumers to attach; they wake it when they do.
struct Attached<'a, E: RingEvent, D: Discipline, F> {
    producer: &'a Producer<E, D>,
    enough: F,
}

impl<E: RingEvent, D: Discipline, F: Fn() -> bool> Await for Attached<'_, E, D, F> {
    type Output = Result<(), WaitConsumersError>;

    fn look(&mut self) -> Option<Self::Output> {
        (self.enough)().then_some(Ok(()))
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
