//! Guards over one claimed slot: write it, then publish it, or drop it and nothing happened.

use core::mem::MaybeUninit;
use core::ops::{Deref, DerefMut};

use super::Producer;
use crate::event::RingEvent;
use crate::ring::{Discipline, Sequence};

/// A slot that is being filled in place. Dropped without [`publish`](Self::publish): nothing is published, and
/// the next claim gets the same slot.
#[derive(Debug)]
#[must_use = "call .publish(), or nothing is published"]
pub struct Claim<'a, E: RingEvent, D: Discipline> {
    producer: &'a mut Producer<E, D>,
}

/// A slot whose old contents are still in it. Dropped without [`publish`](Self::publish): nothing is published.
#[derive(Debug)]
#[must_use = "call .publish(event) or .write(event), or nothing is published"]
pub struct UninitClaim<'a, E: RingEvent, D: Discipline> {
    producer: &'a mut Producer<E, D>,
}

impl<'a, E: RingEvent, D: Discipline> UninitClaim<'a, E, D> {
    /// One slot is reserved.
    #[inline(always)]
    pub(super) fn new(producer: &'a mut Producer<E, D>) -> Self {
        Self { producer }
    }

    /// The sequence that the event will have.
    #[inline]
    pub fn sequence(&self) -> Sequence {
        self.producer.publisher.next()
    }

    /// The slot, to be filled piece by piece (`MaybeUninit::as_mut_ptr`), then
    /// [`assume_written`](Self::assume_written).
    #[inline]
    pub fn slot(&mut self) -> &mut MaybeUninit<E> {
        // SAFETY: one slot was reserved when the claim was made, and nothing was published since: the claim
        // borrows the producer. `0 < 1`.
        let slot = unsafe { self.producer.publisher.slot(0) };
        // SAFETY: the slot is this producer's until it publishes (R2), aligned and in bounds (S1, S2), and
        // `MaybeUninit` claims nothing of its contents.
        unsafe { &mut *slot.as_ptr().cast::<MaybeUninit<E>>() }
    }

    /// Writes the event; it can be changed until it is published.
    #[inline]
    pub fn write(mut self, event: E) -> Claim<'a, E, D> {
        self.slot().write(event);
        crate::sync::point!("claim: written");
        Claim { producer: self.producer }
    }

    /// Writes and publishes the event.
    #[inline]
    pub fn publish(self, event: E) -> Sequence {
        self.write(event).publish()
    }

    /// Says that the slot now holds a valid event.
    ///
    /// # Safety
    /// 1. Every byte of the slot was written through [`slot`](Self::slot), and together they are a valid `E`.
    #[inline]
    pub unsafe fn assume_written(self) -> Claim<'a, E, D> {
        Claim { producer: self.producer }
    }
}

impl<'a, E: RingEvent, D: Discipline> Claim<'a, E, D> {
    /// One slot is reserved; it is made [`BLANK`](RingEvent::BLANK).
    #[inline(always)]
    pub(super) fn new(producer: &'a mut Producer<E, D>) -> Self {
        UninitClaim::new(producer).write(E::BLANK)
    }

    /// The sequence that the event will have.
    #[inline]
    pub fn sequence(&self) -> Sequence {
        self.producer.publisher.next()
    }

    /// Makes the event visible to every consumer, and returns its sequence.
    #[inline]
    pub fn publish(self) -> Sequence {
        // SAFETY: one slot was reserved when the claim was made, and it holds a valid event: it was written
        // as a whole before it was lent as `&mut E`.
        unsafe { self.producer.commit(1) }
    }

    #[inline(always)]
    fn slot(&self) -> *mut E {
        // SAFETY: one slot was reserved when the claim was made; `0 < 1`.
        unsafe { self.producer.publisher.slot(0) }.as_ptr()
    }
}

impl<E: RingEvent, D: Discipline> Deref for Claim<'_, E, D> {
    type Target = E;

    #[inline]
    fn deref(&self) -> &E {
        // SAFETY: the slot is this producer's until it publishes (R2), and holds a valid event (see `publish`).
        unsafe { &*self.slot() }
    }
}

impl<E: RingEvent, D: Discipline> DerefMut for Claim<'_, E, D> {
    #[inline]
    fn deref_mut(&mut self) -> &mut E {
        // SAFETY: as in `deref`; the borrow of the claim is exclusive.
        unsafe { &mut *self.slot() }
    }
}
