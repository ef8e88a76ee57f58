//! A consumer that holds nobody back: it copies events out of the ring, and says what it missed (R7).

use core::fmt;
use core::ops::ControlFlow;

use super::arrival::{Arrival, Grace, Nothing};
use super::onlooker::Onlooker;
use super::{Meta, RecvError, RecvTimeoutError, TryRecvError};
use crate::event::RingEvent;
use crate::location::Location;
use crate::ring::lossy::{self, Copied};
use crate::ring::{Discipline, Sequence};
use crate::wait::Stopper;
use crate::wait::patience::forms;

/// One that sees the events of a raw channel as long as it keeps up, by value, and learns how many it missed when it does
/// not.
///
/// It never holds the producer back and takes no place among the channel's consumers; the producer does not know of it. Nor
/// does it keep a channel: one in shared memory whose producer died goes, unless there is another consumer to go on with
/// it. Its segment is mapped for loads only. A quarter of the ring, at least one event, is always about to be overwritten: it
/// does not see that part, and on a ring of one event it sees nothing.
///
/// Every receive can fail with [`RecvError::Lagged`]: events were overwritten before they were read. The next one goes on at
/// the oldest event that is there, or nearer to the newest for one that is overtaken again at once. The end of the stream,
/// the death of its producer and what follows are told as to a [`Consumer`](super::Consumer).
///
/// While it waits it naps, for an eighth of the time that it has waited and 5 ms at most: that is how much later it sees an
/// event, unless other consumers are woken then. A stopper ends a wait as late. With
/// [`WaitStrategy::Spin`](crate::wait::WaitStrategy::Spin) it sees events at once, for a core.
pub struct LossyConsumer<E: RingEvent, D: Discipline> {
    look: Onlooker<E, D>,
    /// An event that was read ahead.
    ready: Option<(Sequence, E)>,
    /// What the next receive tells.
    owed: Option<RecvError>,
}

impl<E: RingEvent, D: Discipline> LossyConsumer<E, D> {
    pub(crate) fn new(look: Onlooker<E, D>) -> Self {
        Self { look, ready: None, owed: None }
    }

    /// The next event, if it is there and can be read.
    #[inline]
    pub(crate) fn read(&mut self) -> Result<Option<(Sequence, E)>, RecvError> {
        if !self.look.is_ours() {
            return Err(RecvError::Forked);
        }
        let sequence = self.look.next;
        match lossy::copy(&self.look.ring, sequence) {
            Copied::Event(event) => {
                self.look.next += 1;
                Ok(Some((sequence, event)))
            }
            Copied::NotYet => {
                self.look.caught_up();
                Ok(None)
            }
            Copied::Lapped { oldest } => Err(self.overtaken(oldest)),
            Copied::Invalid => {
                self.look.next += 1;
                Err(RecvError::Invalid { sequence })
            }
            Copied::Implausible { published } => Err(RecvError::Corrupt { sequence, found: published }),
        }
    }

    #[cold]
    fn overtaken(&mut self, oldest: Sequence) -> RecvError {
        let from = self.look.next;
        let published = self.look.ring.plausible().unwrap_or(oldest);
        self.look.resume(self.look.ring.after_lap(published, self.look.laps()).max(oldest));
        self.look.lagged(self.look.next.saturating_sub(from))
    }

    /// Skips what is there: the next event is one that is not published yet.
    pub(crate) fn skip_to_latest(&mut self) {
        self.ready = None;
        self.owed = None;
        self.look.resume(self.look.next.max(self.look.ring.plausible().unwrap_or(0)));
    }

    /// Waits for the next event; `None` at the end of the stream.
    #[inline]
    fn await_event<P: Grace>(&mut self, patience: &mut P) -> Result<Option<(Sequence, E)>, P::Error> {
        if let Some(ready) = self.ready.take() {
            return Ok(Some(ready));
        }
        if let Some(error) = self.owed.take() {
            return Err(Nothing::Failed(error).into());
        }
        loop {
            match self.read() {
                Ok(Some(event)) => return Ok(Some(event)),
                Ok(None) => {}
                Err(error) => return Err(Nothing::Failed(error).into()),
            }
            match self.look.arrive(patience.limit()) {
                Ok(Arrival::Events) => {}
                Ok(Arrival::End) => return Ok(None),
                Err(nothing) => return Err(nothing.into()),
            }
        }
    }

    fn event<P: Grace>(&mut self, mut patience: P) -> Result<Option<E>, P::Error> {
        Ok(self.await_event(&mut patience)?.map(|(_, event)| event))
    }

    fn all<P: Grace>(&mut self, mut each: impl FnMut(E, Meta), patience: P) -> Result<u64, P::Error> {
        self.all_while(
            |event, meta| {
                each(event, meta);
                ControlFlow::Continue(())
            },
            patience,
        )
    }

    fn all_while<P: Grace>(
        &mut self,
        mut each: impl FnMut(E, Meta) -> ControlFlow<()>,
        mut patience: P,
    ) -> Result<u64, P::Error> {
        let Some((mut sequence, mut event)) = self.await_event(&mut patience)? else { return Ok(0) };
        let most = self.look.ring.capacity();
        let mut count = 0;
        loop {
            count += 1;
            // The next one first, so that this one knows whether it is the last. Kept where the next call finds it, should
            // the handler panic.
            if count < most {
                self.ready = self.read().unwrap_or_else(|error| {
                    self.owed = Some(error);
                    None
                });
            }
            let flow = each(event, Meta { sequence, end_of_batch: self.ready.is_none() });
            let next = if flow.is_continue() { self.ready.take() } else { None };
            let Some(next) = next else { return Ok(count) };
            (sequence, event) = next;
        }
    }

    /// The sequence that is looked for next. Right after a receive: one more than that of its event.
    #[inline]
    pub fn sequence(&self) -> Sequence {
        self.ready.as_ref().map_or(self.look.next, |(sequence, _)| *sequence)
    }

    /// How many events are published and not yet read; some of them may be overwritten.
    pub fn lag(&self) -> u64 {
        self.look.segment.published().saturating_sub(self.sequence())
    }

    /// How many events this consumer missed so far: the sum of all [`RecvError::Lagged`].
    pub fn missed(&self) -> u64 {
        self.look.missed()
    }

    /// How many events the ring holds.
    #[inline]
    pub fn capacity(&self) -> u64 {
        self.look.ring.capacity()
    }

    /// Where the channel lies.
    pub fn location(&self) -> &Location {
        self.look.segment.location()
    }

    /// A handle that ends waits of this consumer from another thread or a signal handler. A call that does not have
    /// to wait does not see it ([`Stopper`]).
    pub fn stopper(&self) -> Stopper {
        self.look.stop().stopper()
    }
}

// Not derived: that would ask for `E: Debug`, and ends are `Debug` for every event.
impl<E: RingEvent, D: Discipline> fmt::Debug for LossyConsumer<E, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LossyConsumer")
            .field("event", &E::SCHEMA.name)
            .field("sequence", &self.sequence())
            .field("capacity", &self.capacity())
            .finish_non_exhaustive()
    }
}

forms! {
    impl[E: RingEvent, D: Discipline] LossyConsumer<E, D>;
    blocking(RecvError, "[`RecvError`]: events were missed, one is invalid, the producer died, or the wait was stopped.");
    now(TryRecvError, "[`TryRecvError::Empty`] if there is nothing at the moment.");
    timed(RecvTimeoutError, "[`RecvTimeoutError::TimedOut`] if nothing came in time.");

    /// A copy of the next event. `None` once the channel is closed and drained.
    event: recv, try_recv, recv_timeout, recv_deadline() -> Option<E>;

    /// Hands copies of all events that are there to `each`, in order, at least one and at most a ring full, and returns how
    /// many; 0 once the channel is closed and drained. Ends where events were missed; the next call says so.
    all: drain, try_drain, drain_timeout, drain_deadline(each: impl FnMut(E, Meta)) -> u64;

    /// Like [`drain`](Self::drain), until `each` breaks; the event it broke at counts as received.
    all_while: drain_while, try_drain_while, drain_while_timeout, drain_while_deadline
        (each: impl FnMut(E, Meta) -> ControlFlow<()>) -> u64;
}

#[cfg(test)]
mod tests;
