//! Every form of receiving: lease, drain, batch, wait; each blocking, `try_`, `_timeout`, `_deadline`.
//!
//! The forms are written once, generic over how long they may wait; the public methods name the combinations.

use core::ops::ControlFlow;

use super::arrival::{Arrival, Grace, Nothing};
use super::{Batch, Consumer, Lease, RecvError, RecvTimeoutError, TryRecvError};
use crate::event::RingEvent;
use crate::ring::reader::Walk;
use crate::ring::{Discipline, Ring, Sequence};
use crate::wait::patience::forms;

/// What a drain tells beside an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meta {
    /// The event's sequence.
    pub sequence: Sequence,
    /// Whether this is the last event that this call hands out: none further was there when it looked, or a ring
    /// full was handed out, or the next one is invalid. A good moment to flush.
    pub end_of_batch: bool,
}

/// How many events a drain releases at a time: often enough that the producer is not kept waiting, seldom enough
/// that its line is not stored to for each event.
const RELEASE_EVERY: u64 = 64;

impl<E: RingEvent, D: Discipline> Consumer<E, D> {
    /// Makes sure that an event is there; false at the end of the stream.
    #[inline(always)]
    fn await_event<P: Grace>(&mut self, patience: &mut P) -> Result<bool, P::Error> {
        if self.ready() {
            return Ok(true);
        }
        match self.arrive(patience.limit()) {
            Ok(Arrival::Events) => Ok(true),
            Ok(Arrival::End) => Ok(false),
            Err(nothing) => Err(nothing.into()),
        }
    }

    /// Whether the event `ahead` of the next one is a valid value. It is known to be there.
    #[inline(always)]
    fn is_valid(&self, ahead: u64) -> bool {
        is_valid(self.reader.ring(), self.reader.next() + ahead)
    }

    /// Skips an event that is not a valid value.
    #[cold]
    fn skip_invalid(&mut self) -> Nothing {
        let sequence = self.reader.next();
        self.counters.invalid.add(1);
        self.lent = 1;
        self.release(1);
        Nothing::Failed(RecvError::Invalid { sequence })
    }

    #[inline(always)]
    fn lease<P: Grace>(&mut self, mut patience: P) -> Result<Option<Lease<'_, E, D>>, P::Error> {
        if !self.await_event(&mut patience)? {
            return Ok(None);
        }
        if !self.is_valid(0) {
            return Err(self.skip_invalid().into());
        }
        // SAFETY: an event is known to be there, `ready` or `arrive` released what was lent, and it is valid.
        Ok(Some(unsafe { Lease::new(self) }))
    }

    #[inline(always)]
    fn seen<P: Grace>(&mut self, mut patience: P) -> Result<bool, P::Error> {
        self.await_event(&mut patience)
    }

    #[inline(always)]
    fn batched<P: Grace>(&mut self, mut patience: P) -> Result<Option<Batch<'_, E, D>>, P::Error> {
        if !self.await_event(&mut patience)? {
            return Ok(None);
        }
        let found = self.reader.look_ahead(self.reader.ring().capacity());
        let valid = (0..found).take_while(|ahead| self.is_valid(*ahead)).count() as u64;
        if valid == 0 {
            return Err(self.skip_invalid().into());
        }
        // SAFETY: `valid` events are known to be there, valid, and nothing is lent.
        Ok(Some(unsafe { Batch::new(self, valid) }))
    }

    #[inline(always)]
    fn all<P: Grace>(&mut self, mut each: impl FnMut(&E, Meta), patience: P) -> Result<u64, P::Error> {
        self.all_while(
            |event, meta| {
                each(event, meta);
                ControlFlow::Continue(())
            },
            patience,
        )
    }

    #[inline(always)]
    fn all_while<P: Grace>(
        &mut self,
        mut each: impl FnMut(&E, Meta) -> ControlFlow<()>,
        mut patience: P,
    ) -> Result<u64, P::Error> {
        if !self.await_event(&mut patience)? {
            return Ok(0);
        }
        if !self.is_valid(0) {
            return Err(self.skip_invalid().into());
        }
        // What the loop needs lies in locals: it then stores and reloads nothing per event.
        let ring = *self.reader.ring();
        let most = self.reader.next() + ring.capacity();
        // Released on the way out as well, so that an event whose handler panicked is not seen again by this
        // very consumer.
        let mut run = Run {
            first: self.reader.next(),
            sequence: self.reader.next(),
            walk: self.reader.walk(),
            consumer: self,
        };
        let begin = run.first;
        loop {
            let sequence = run.sequence;
            let next = sequence + 1;
            run.walk.fetch(&ring, sequence);
            // An invalid event ends the run; the next call reports it.
            let more = next < most && run.walk.sees(&ring, next) && is_valid(&ring, next);
            // Visible: the first by `await_event`, each further one by `sees` in the round before.
            let event = ring.cell(sequence).read().as_ptr();
            // SAFETY: visible (R4), valid, and not written until `Run` releases it (R2, R5).
            let event = unsafe { &*event };
            run.sequence = next;
            let flow = each(event, Meta { sequence, end_of_batch: !more });
            if flow.is_break() || !more {
                return Ok(next - begin);
            }
            if next - run.first == RELEASE_EVERY {
                run.release();
            }
        }
    }
}

/// Whether a visible event, which the caller has not released, is a valid value.
#[inline(always)]
fn is_valid<E: RingEvent, D: Discipline>(ring: &Ring<E, D>, sequence: Sequence) -> bool {
    if !E::CHECKED {
        return true;
    }
    let event = ring.cell(sequence).read().as_ptr();
    // SAFETY: (1) the slot is aligned and not written until its consumer acknowledges it (R2, R5), and its bytes
    // are initialised: the segment is zeroed and events have no padding (E1).
    unsafe { E::is_valid(event) }
}

/// Events that a drain has handed out and not yet released: `first..sequence`.
struct Run<'a, E: RingEvent, D: Discipline> {
    first: Sequence,
    sequence: Sequence,
    walk: Walk,
    consumer: &'a mut Consumer<E, D>,
}

impl<E: RingEvent, D: Discipline> Run<'_, E, D> {
    #[inline(always)]
    fn release(&mut self) {
        let handled = self.sequence - self.first;
        self.first = self.sequence;
        self.consumer.reader.remember(self.walk);
        self.consumer.lent = handled;
        self.consumer.release(handled);
        self.walk = self.consumer.reader.walk();
    }
}

impl<E: RingEvent, D: Discipline> Drop for Run<'_, E, D> {
    #[inline(always)]
    fn drop(&mut self) {
        self.release();
    }
}

forms! {
    impl[E: RingEvent, D: Discipline] Consumer<E, D>;
    blocking(RecvError, "[`RecvError`]: the producer died, an event is invalid, or the wait was stopped.");
    now(TryRecvError, "[`TryRecvError::Empty`] if there is nothing at the moment.");
    timed(RecvTimeoutError, "[`RecvTimeoutError::TimedOut`] if nothing came in time.");

    /// Lends the next event, where it lies in the ring. `None` once the channel is closed and drained.
    lease: recv, try_recv, recv_timeout, recv_deadline() -> Option<Lease<'_, E, D>>;

    /// Waits until an event is there: then [`try_recv`](Self::try_recv) lends it. False once the channel is
    /// closed and drained. For code that returns leases from a loop.
    seen: wait, try_wait, wait_timeout, wait_deadline() -> bool;

    /// Lends all events that are there, at least one. `None` once the channel is closed and drained.
    batched: batch, try_batch, batch_timeout, batch_deadline() -> Option<Batch<'_, E, D>>;

    /// Hands all events that are there to `each`, in order, at least one and at most a ring full, and returns how
    /// many; 0 once the channel is closed and drained. Events are released in small runs on the way.
    all: drain, try_drain, drain_timeout, drain_deadline(each: impl FnMut(&E, Meta)) -> u64;

    /// Like [`drain`](Self::drain), until `each` breaks; the event it broke at counts as received.
    all_while: drain_while, try_drain_while, drain_while_timeout, drain_while_deadline
        (each: impl FnMut(&E, Meta) -> ControlFlow<()>) -> u64;
}
