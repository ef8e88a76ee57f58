//! What a producer of messages can learn of its consumers, waiting for them, and its end.

use core::time::Duration;

use super::producer::RecordProducer;
use crate::producer::room::Stuck;
use crate::producer::{Blocker, Full, PublishError, PublishTimeoutError, WaitConsumersError};
use crate::ring::records::UNIT;
use crate::ring::{MAX_SEQUENCE, Sequence};
use crate::wait::patience::Limit;

/// How often a producer looks for the slowest consumer before it does without knowing where that stands.
const LOOKS: u32 = 16;

impl RecordProducer {
    /// The sequence that the next message gets; also how many messages this channel has carried.
    #[inline]
    pub fn sequence(&self) -> Sequence {
        self.number
    }

    /// Bytes of the ring. A message takes a header of 16 bytes and its own, rounded up to 16; 16 more with `timestamps`; with
    /// `optimize = latency` also a distance to the next one, about a kilobyte if it is longer than two cache lines.
    #[inline]
    pub fn capacity(&self) -> u64 {
        self.core.capacity() * UNIT as u64
    }

    /// The longest message that goes into one record: it is written and read in the ring. Longer ones are cut into
    /// fragments, and joined again by each consumer.
    #[inline]
    pub fn max_record(&self) -> usize {
        self.largest().min(self.max_message as usize)
    }

    /// The longest message.
    #[inline]
    pub fn max_message(&self) -> u64 {
        self.max_message
    }

    /// The consumer that is furthest behind, while it leaves no room at all. Asks the kernel whether it lives: a
    /// microsecond, not for the hot path.
    pub fn blocker(&mut self) -> Option<Blocker> {
        self.looked();
        let blocker = self.core.blocker()?;
        Some(self.in_messages(blocker))
    }

    fn in_messages(&self, blocker: Blocker) -> Blocker {
        Blocker { lag: self.lag_of(blocker.entry), ..blocker }
    }

    pub(super) fn full(&mut self) -> Full {
        let full = self.core.room_for(1).full();
        Full { lag: self.lag_of(full.gating), ..full }
    }

    /// How many messages a consumer has not released yet, as it said last.
    fn lag_of(&self, entry: u32) -> u64 {
        let at = self.core.segment.message_at(entry);
        at.map_or(0, |at| self.number.saturating_sub(at))
    }

    /// How many messages the slowest consumer has not released yet; 0 without consumers.
    pub fn lag(&mut self) -> u64 {
        self.looked();
        let gate = self.core.room_for(1).scan();
        gate.entry.map_or(0, |entry| self.lag_of(entry))
    }

    /// Bytes of the ring that are in use: what the slowest consumer has not released yet, with headers and padding.
    pub fn lag_bytes(&mut self) -> u64 {
        self.looked();
        self.core.lag() * UNIT as u64
    }

    /// Bytes of the ring that are free at the moment, headers and padding included.
    pub fn free_bytes(&mut self) -> u64 {
        self.looked();
        self.core.free_slots() * UNIT as u64
    }

    /// How many consumers are attached and alive. Asks the kernel for each: not for the hot path.
    pub fn consumers(&self) -> usize {
        self.core.consumers()
    }

    /// Waits until at least `wanted` consumers are attached and alive, so that the first message finds its readers.
    ///
    /// # Errors
    /// [`WaitConsumersError::TimedOut`] says how many there were.
    pub fn wait_for_consumers(&mut self, wanted: usize, timeout: Duration) -> Result<(), WaitConsumersError> {
        self.core.wait_for_consumers(wanted, timeout)
    }

    /// Waits until all required consumers are attached and alive, so that nobody has to be waited for later.
    ///
    /// # Errors
    /// [`WaitConsumersError::Missing`] names those that are not.
    pub fn wait_for_required(&mut self, timeout: Duration) -> Result<(), WaitConsumersError> {
        self.core.wait_for_required(timeout)
    }

    /// The required consumers that are not attached, or dead. Asks the kernel for each: not for the hot path.
    pub fn missing(&self) -> Vec<String> {
        self.core.missing()
    }

    /// Looks after all required consumers now, and after whoever is in the way, as a publish that waits for room does.
    ///
    /// # Errors
    /// As for a publish that waits: what follows from the policy of one that is missing, stalled or dead.
    pub fn check_health(&mut self) -> Result<(), PublishError> {
        self.looked();
        self.core.check_health()
    }

    /// Whether every consumer has released the message `sequence`.
    pub fn is_consumed(&mut self, sequence: Sequence) -> bool {
        let end = self.end_of(sequence);
        self.core.is_consumed(end.saturating_sub(1))
    }

    /// Waits until every consumer has released the message `sequence`. Without consumers there is nobody to wait for. A
    /// consumer that dies meanwhile is let go as the channel's policy says.
    ///
    /// # Errors
    /// [`PublishTimeoutError::TimedOut`] if that takes longer than `timeout`.
    pub fn wait_consumed(
        &mut self,
        sequence: Sequence,
        timeout: Duration,
    ) -> Result<(), PublishTimeoutError> {
        if !self.core.is_ours() {
            return Err(PublishTimeoutError::Failed(PublishError::Forked));
        }
        let end = self.end_of(sequence);
        self.core.wait_consumed(end.saturating_sub(1), timeout).map_err(|error| match error {
            PublishTimeoutError::TimedOut(blocker) => {
                PublishTimeoutError::TimedOut(blocker.map(|blocker| Box::new(self.in_messages(*blocker))))
            }
            other => other,
        })
    }

    /// A position that whoever has released the message `sequence` has reached, or soon will.
    fn end_of(&mut self, sequence: Sequence) -> u64 {
        self.looked();
        if sequence >= self.number {
            return MAX_SEQUENCE;
        }
        let Some(from) = self.walk_from() else { return 0 };
        self.core.publisher.ring().end_of(sequence, from, self.core.publisher.next())
    }

    /// Where a record begins that is still there, and no consumer stands before it as far as that can be told; `None`
    /// without consumers.
    fn walk_from(&mut self) -> Option<u64> {
        for _ in 0..LOOKS {
            let gate = self.core.room_for(1).scan();
            match self.core.segment.place_of(gate.entry?) {
                // What it has not released is still there, and it stands where a record begins.
                Some(at) if at == gate.cursor => return Some(at),
                // It went on meanwhile; or it was joining when it was scanned, and began elsewhere since.
                Some(_) => {}
                None => break,
            }
        }
        // One that is joining stands anywhere. What lies here is written over by nobody, this producer's claims included.
        let (ring, next) = (self.core.publisher.ring(), self.core.publisher.next());
        Some(ring.boundary(ring.oldest(next), next))
    }

    /// The registry's view of what holds the producer back, in messages.
    #[cold]
    #[inline(never)]
    pub(super) fn reserve_slow(&mut self, units: u64, limit: Limit) -> Result<(), Stuck> {
        self.core.reserve_slow(units, limit).map_err(|stuck| match stuck {
            Stuck::Full(full) => Stuck::Full(Full { lag: self.lag_of(full.gating), ..full }),
            Stuck::TimedOut(Some(blocker)) => Stuck::TimedOut(Some(Box::new(self.in_messages(*blocker)))),
            Stuck::Failed(failed) => {
                // Perhaps the stream is closed now.
                self.looked();
                Stuck::Failed(failed)
            }
            nobody @ Stuck::TimedOut(None) => nobody,
        })
    }
}
