//! Every form of publishing: by value, in place, slice, batch, claim; each blocking, `try_`, `_timeout`, `_deadline`.
//!
//! The forms are written once, generic over how long they may wait; the public methods name the combinations.

use super::room::Grace;
use super::{Claim, Producer, PublishError, PublishTimeoutError, SliceError, TryPublishError, UninitClaim};
use crate::event::RingEvent;
use crate::ring::{Discipline, Sequence};
use crate::wait::patience::forms;

impl<E: RingEvent, D: Discipline> Producer<E, D> {
    #[inline(always)]
    fn value<P: Grace>(&mut self, event: E, mut patience: P) -> Result<Sequence, P::Error> {
        self.reserve(1, &mut patience)?;
        // SAFETY: one slot was reserved, and `0 < 1`.
        let slot = unsafe { self.publisher.slot(0) };
        // SAFETY: the slot is this producer's until it publishes (R2).
        unsafe { slot.put(event) };
        crate::sync::point!("publish: written");
        // SAFETY: one slot was reserved and written.
        Ok(unsafe { self.commit(1) })
    }

    #[inline(always)]
    fn in_place<P: Grace>(
        &mut self,
        write: impl FnOnce(&mut E),
        mut patience: P,
    ) -> Result<Sequence, P::Error> {
        self.reserve(1, &mut patience)?;
        // Not through a claim, which finds its slot anew each time: with one pointer the compiler sees that what is
        // blank is written over.
        // SAFETY: one slot was reserved, and `0 < 1`.
        let slot = unsafe { self.publisher.slot(0) };
        // SAFETY: the slot is this producer's until it publishes (R2).
        unsafe { slot.put(E::BLANK) };
        crate::sync::point!("publish: blank");
        // SAFETY: as above, and it holds a valid event; the borrow ends before the slot is published.
        write(unsafe { &mut *slot.as_ptr() });
        crate::sync::point!("publish: filled");
        // SAFETY: one slot was reserved and holds a valid event. A panic in `write` does not come here.
        Ok(unsafe { self.commit(1) })
    }

    #[inline(always)]
    fn claimed<P: Grace>(&mut self, mut patience: P) -> Result<Claim<'_, E, D>, P::Error> {
        self.reserve(1, &mut patience)?;
        Ok(Claim::new(self))
    }

    #[inline(always)]
    fn claimed_uninit<P: Grace>(&mut self, mut patience: P) -> Result<UninitClaim<'_, E, D>, P::Error> {
        self.reserve(1, &mut patience)?;
        Ok(UninitClaim::new(self))
    }

    /// Publishes `count` events in runs of at most a quantum (R2). `write` fills the event `index`.
    #[inline(always)]
    fn many<P: Grace>(
        &mut self,
        count: u64,
        mut patience: P,
        mut write: impl FnMut(u64, &mut core::mem::MaybeUninit<E>),
    ) -> Result<Sequence, SliceError<P::Error>> {
        let first = self.publisher.next();
        let quantum = self.publisher.ring().quantum();
        let mut done = 0;
        while done < count {
            let left = count - done;
            // As much as is free, once there is anything: a long slice goes in as room appears.
            self.reserve(1, &mut patience).map_err(|source| SliceError { published: done, source })?;
            let run = left.min(quantum).min(self.publisher.room());
            for ahead in 0..run {
                self.publisher.fetch(ahead);
                // SAFETY: `run` slots are reserved, and `ahead < run`.
                let slot = unsafe { self.publisher.slot(ahead) };
                // SAFETY: the slot is this producer's until it publishes (R2), aligned and in bounds (S1, S2);
                // no reliable reader looks at it before. `MaybeUninit` claims nothing of what is in it.
                let slot = unsafe { &mut *slot.as_ptr().cast::<core::mem::MaybeUninit<E>>() };
                write(done + ahead, slot);
                crate::sync::point!("batch: slot");
            }
            // SAFETY: `run` slots are reserved, and `write` filled each with a valid event.
            unsafe { self.commit(run) };
            done += run;
        }
        Ok(first)
    }

    #[inline(always)]
    fn slice<P: Grace>(&mut self, events: &[E], patience: P) -> Result<Sequence, SliceError<P::Error>> {
        let mut events = events.iter();
        self.many(events.len() as u64, patience, |_, slot| {
            if let Some(event) = events.next() {
                slot.write(*event);
            }
        })
    }

    #[inline(always)]
    fn batch<P: Grace>(
        &mut self,
        count: usize,
        mut write: impl FnMut(usize, &mut E),
        patience: P,
    ) -> Result<Sequence, SliceError<P::Error>> {
        self.many(count as u64, patience, |index, slot| write(index as usize, slot.write(E::BLANK)))
    }
}

forms! {
    impl[E: RingEvent, D: Discipline] Producer<E, D>;
    blocking(PublishError, "[`PublishError`]: the wait for room was stopped, or this end may not be used any more.");
    now(TryPublishError, "[`TryPublishError::Full`] if there is no room at the moment.");
    timed(PublishTimeoutError, "[`PublishTimeoutError::TimedOut`] names the consumer that was in the way.");

    /// Publishes one event by value and returns its sequence. Waits, as the channel's wait strategy says, while
    /// the slowest consumer is a whole ring behind.
    ///
    /// An event of several cache lines is copied from the stack; [`publish_with`](Self::publish_with) writes it in
    /// place.
    value: publish, try_publish, publish_timeout, publish_deadline(event: E) -> Sequence;

    /// Publishes one event that `write` fills in place, and returns its sequence. The slot is
    /// [`BLANK`](RingEvent::BLANK) on entry. If `write` panics, nothing is published and nothing is harmed.
    in_place: publish_with, try_publish_with, publish_with_timeout, publish_with_deadline
        (write: impl FnOnce(&mut E)) -> Sequence;

    /// Publishes all of `events` and returns the sequence of the first; nothing happens if there are none.
    ///
    /// Long slices go in as room appears, in runs of at most a quarter of the ring; a run becomes visible as a
    /// whole. When it fails, [`SliceError::published`] says how many went in.
    slice: publish_slice, try_publish_slice, publish_slice_timeout, publish_slice_deadline
        (events: &[E]) -> Sequence, wrapped in SliceError;

    /// Publishes `count` events that `write` fills in place, and returns the sequence of the first. `write` gets
    /// the index in the batch and a slot that is [`BLANK`](RingEvent::BLANK).
    ///
    /// Goes in like a slice does. If `write` panics, the run it was filling is not published; earlier runs are.
    batch: publish_batch, try_publish_batch, publish_batch_timeout, publish_batch_deadline
        (count: usize, write: impl FnMut(usize, &mut E)) -> Sequence, wrapped in SliceError;

    /// Claims the next slot, [`BLANK`](RingEvent::BLANK), to be written and then published with
    /// [`Claim::publish`]. A claim that is dropped publishes nothing.
    claimed: claim, try_claim, claim_timeout, claim_deadline() -> Claim<'_, E, D>;

    /// Claims the next slot as it is, to be written as a whole: nothing is written twice. A claim that is
    /// dropped publishes nothing.
    claimed_uninit: claim_uninit, try_claim_uninit, claim_uninit_timeout, claim_uninit_deadline()
        -> UninitClaim<'_, E, D>;
}
