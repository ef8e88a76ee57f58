//! Room for one message in the ring: write it, then commit it, or drop it and nothing happened.

use core::fmt;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};

use super::producer::{RecordProducer, Slot};
use super::publish::Frames;
use crate::producer::PublishError;
use crate::producer::room::{Grace, Stuck};
use crate::ring::Sequence;

/// A message that is being written in place. Dereferences to its bytes, which hold anything at first. Dropped without
/// [`commit`](Self::commit): nothing is published, and the next claim gets the same room.
///
/// `L` is what the channel or the lane carries: only in a framed channel, [`Frames`], the program says the kind.
#[must_use = "call .commit(len), or nothing is published"]
pub struct MessageClaim<'a, L = Frames> {
    producer: &'a mut RecordProducer,
    slot: Slot,
    kind: u16,
    lane: PhantomData<fn() -> L>,
}

impl<'a, L> MessageClaim<'a, L> {
    #[inline(always)]
    pub(super) fn new<P: Grace>(
        producer: &'a mut RecordProducer,
        kind: u16,
        max: usize,
        patience: &mut P,
    ) -> Result<Self, P::Error> {
        let most = producer.max_record();
        if max > most {
            let error = PublishError::TooLarge { len: max as u64, max: most as u64 };
            return Err(Stuck::Failed(error).into());
        }
        let slot = producer.open(max, producer.extended(), patience)?;
        Ok(Self { producer, slot, kind, lane: PhantomData })
    }

    /// The sequence that the message will have.
    #[inline]
    pub fn sequence(&self) -> Sequence {
        self.producer.number
    }

    /// Publishes the first `len` bytes and returns the sequence; what is left of the room stays free.
    ///
    /// # Errors
    /// [`PublishError::TooLarge`] if the claim is shorter than that; nothing is published.
    #[inline(always)]
    pub fn commit(self, len: usize) -> Result<Sequence, PublishError> {
        if len > self.slot.len {
            return Err(PublishError::TooLarge { len: len as u64, max: self.slot.len as u64 });
        }
        self.producer.seal_and_publish(self.slot, len, self.kind);
        Ok(self.producer.number - 1)
    }
}

impl MessageClaim<'_> {
    /// Gives the message a kind, which the library does not look at; without one it is 0. The kind of a lane of an `enum`
    /// channel is that of its variant, so claims of lanes have no such method.
    #[inline]
    pub fn set_kind(&mut self, kind: u16) {
        self.kind = kind;
    }
}

// Not derived: that would ask for the format to be `Debug`.
impl<L> fmt::Debug for MessageClaim<'_, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageClaim")
            .field("sequence", &self.sequence())
            .field("kind", &self.kind)
            .field("len", &self.slot.len)
            .finish_non_exhaustive()
    }
}

impl<L> Deref for MessageClaim<'_, L> {
    type Target = [u8];

    #[inline(always)]
    fn deref(&self) -> &[u8] {
        let at = self.producer.payload_at(self.slot);
        // SAFETY: `len` bytes in one piece, in units that were reserved and not published since (R2); initialised,
        // because shared memory is.
        unsafe { core::slice::from_raw_parts(at.as_ptr(), self.slot.len) }
    }
}

impl<L> DerefMut for MessageClaim<'_, L> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [u8] {
        self.producer.payload(self.slot)
    }
}
