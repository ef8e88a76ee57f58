//! Waiting for the next event, and telling apart what ends a stream: closed, died, replaced, stopped.

use std::time::Instant;

use super::{Consumer, RecvError, RecvTimeoutError, TryRecvError};
use crate::event::RingEvent;
use crate::lifecycle::{LifecycleEvent, Whom};
use crate::os;
use crate::ring::reader::Reader;
use crate::ring::{Discipline, Sequence};
use crate::segment::{Named, Segment};
use crate::sync::{Ordering, fence};
use crate::wait::patience::{By, Forever, Limit, Now, Patience, Within};
use crate::wait::stopper::StopFlag;
use crate::wait::word::waiter_bit;
use crate::wait::{self, Await, Bed, Checked, Spent};

/// Why there is no event.
#[derive(Debug)]
pub(crate) enum Nothing {
    Empty,
    TimedOut,
    Failed(RecvError),
}

impl Nothing {
    /// The same of a message: errors of the ring of units speak of units.
    #[cold]
    pub(crate) fn of_message(self, sequence: Sequence) -> Self {
        match self {
            Self::Failed(RecvError::ProducerDied { pid, .. }) => {
                Self::Failed(RecvError::ProducerDied { sequence, pid })
            }
            Self::Failed(RecvError::Corrupt { found, .. }) => {
                Self::Failed(RecvError::Corrupt { sequence, found })
            }
            other => other,
        }
    }

    /// Whether nothing will ever come after it: what was begun stays as it is.
    pub(crate) fn is_last(&self) -> bool {
        use RecvError::{Removed, RequiredLost, Superseded};
        matches!(self, Self::Failed(RequiredLost(_) | Superseded | Removed))
    }
}

/// How long a receive may wait; decides its error type.
pub(crate) trait Grace: Patience {
    type Error: From<Nothing>;
}

impl Grace for Forever {
    type Error = RecvError;
}
impl Grace for Now {
    type Error = TryRecvError;
}
impl Grace for Within {
    type Error = RecvTimeoutError;
}
impl Grace for By {
    type Error = RecvTimeoutError;
}

/// What a wait for an event ends with.
pub(crate) enum Arrival {
    Events,
    /// Closed and drained.
    End,
}

impl<E: RingEvent, D: Discipline> Consumer<E, D> {
    /// Waits for an event; the caller's own quick look found none.
    #[cold]
    #[inline(never)]
    pub(crate) fn arrive(&mut self, limit: Limit) -> Result<Arrival, Nothing> {
        if self.generation != os::fork::generation() {
            return Err(Nothing::Failed(RecvError::Forked));
        }
        self.pace.idle();
        let bit = waiter_bit(self.reader.entry());
        let bed = Bed { word: self.segment.data_wait(), bit, strategy: self.wait };
        let mut spent = Spent::default();
        let mut stream = Stream {
            front: &mut self.reader,
            segment: &self.segment,
            stop: &self.stop,
            mourned: &mut self.mourned,
        };
        let outcome = stream.arrive(bed, limit, &mut self.checked, &mut spent);
        if !matches!(limit, Limit::Now) {
            self.counters.waits.add(1);
            self.counters.parks.add(spent.parks);
        }
        self.counters.empty_looks.add(spent.looks);
        if matches!(outcome, Ok(Arrival::Events)) {
            self.pace.came();
        }
        outcome
    }

    /// Whether a call of this consumer goes on.
    pub(crate) fn look_up(&self, limit: Limit) -> Result<(), Nothing> {
        look_up(limit, &self.stop)
    }
}

/// Whether a call goes on that is busy and has nothing to show for it: as one that waits looks at each turn.
pub(crate) fn look_up(limit: Limit, stop: &StopFlag) -> Result<(), Nothing> {
    match limit {
        Limit::Now => Err(Nothing::Empty),
        _ if stop.is_stopped() => Err(Nothing::Failed(RecvError::Stopped)),
        Limit::Until(deadline) if Instant::now() >= deadline => Err(Nothing::TimedOut),
        Limit::Until(_) | Limit::Forever => Ok(()),
    }
}

/// Where a consumer stands in a stream, whether it holds it up or not.
pub(super) trait Front {
    /// Whether something is there.
    fn look(&mut self) -> Result<bool, RecvError>;
    /// Whether the stream was closed here or before. To be asked when `look` said no; what was published before the end
    /// is seen by a look after this one said yes.
    fn is_ended(&self) -> bool;
    /// What is looked for.
    fn next(&self) -> Sequence;
}

impl<E: RingEvent, D: Discipline> Front for Reader<E, D> {
    #[inline(always)]
    fn look(&mut self) -> Result<bool, RecvError> {
        Self::look(self)
            .map_err(|corrupt| RecvError::Corrupt { sequence: corrupt.wanted, found: corrupt.found })
    }

    fn is_ended(&self) -> bool {
        self.end().is_some()
    }

    fn next(&self) -> Sequence {
        Self::next(self)
    }
}

/// What a consumer watches while it waits.
pub(super) struct Stream<'a, F> {
    pub(super) front: &'a mut F,
    pub(super) segment: &'a Segment,
    pub(super) stop: &'a StopFlag,
    pub(super) mourned: &'a mut Option<u64>,
}

type Outcome = Result<Arrival, RecvError>;

impl<F: Front> Stream<'_, F> {
    /// Waits until there is something to read or to tell.
    pub(super) fn arrive(
        &mut self,
        bed: Bed<'_>,
        limit: Limit,
        checked: &mut Checked,
        spent: &mut Spent,
    ) -> Result<Arrival, Nothing> {
        let outcome = match limit {
            Limit::Now => {
                spent.looks += 1;
                let mut outcome = self.look().or_else(|| self.end()).or_else(|| self.superseded());
                let now = Instant::now();
                // One who only ever tries learns of a death as soon as one who waits.
                if outcome.is_none() && checked.is_due(now) {
                    outcome = self.check(now);
                }
                outcome.ok_or(Nothing::Empty)?
            }
            Limit::Until(_) | Limit::Forever => {
                wait::wait(bed, limit.deadline(), checked, spent, self).ok_or(Nothing::TimedOut)?
            }
        };
        outcome.map_err(Nothing::Failed)
    }

    /// The producer with the number `suspect`, or a later one, was seen dead (L1): what follows.
    fn seen_dead(&mut self, suspect: u64) -> Option<Outcome> {
        // L6: it may have published, closed or detached, and then gone, since the last look.
        fence(Ordering::Acquire);
        if let Some(news) = self.look().or_else(|| self.end()) {
            return Some(news);
        }
        match self.segment.still_named() {
            Named::Replaced => return Some(Err(RecvError::Superseded)),
            Named::Gone => return Some(Err(RecvError::Removed)),
            Named::Yes => {}
        }
        let producer = self.segment.producer_state();
        if producer.epoch != suspect {
            // A successor came since, and it may live: the next check asks about it.
            return None;
        }
        // Number 0 is nobody: who made the segment died before it was its producer, and detached from nothing.
        let detached = producer.detached && producer.epoch != 0;
        if detached || *self.mourned == Some(producer.epoch) {
            // It left the stream open, or its death was told already: wait for its successor.
            return None;
        }
        *self.mourned = Some(producer.epoch);
        self.segment.note_once(LifecycleEvent::Died, Whom::Producer);
        Some(Err(RecvError::ProducerDied { sequence: self.front.next(), pid: producer.pid }))
    }

    /// Replaced, as the one that did it said, and drained? Told by every receive from then on.
    fn superseded(&mut self) -> Option<Outcome> {
        // What the old producer published is acquired with the mark: its lock was held when that was made.
        if !self.segment.is_superseded() {
            return None;
        }
        self.look().or(Some(Err(RecvError::Superseded)))
    }

    /// Closed and drained, and why? An event that was published before the close is found by the look after it.
    fn end(&mut self) -> Option<Outcome> {
        if !self.front.is_ended() {
            return None;
        }
        self.look().or_else(|| {
            let lost = self.segment.close_reason();
            Some(lost.map_or(Ok(Arrival::End), |lost| Err(RecvError::RequiredLost(Box::new(lost)))))
        })
    }
}

impl<F: Front> Await for Stream<'_, F> {
    type Output = Outcome;

    #[inline(always)]
    fn look(&mut self) -> Option<Outcome> {
        match self.front.look() {
            Ok(false) => None,
            Ok(true) => Some(Ok(Arrival::Events)),
            Err(error) => Some(Err(error)),
        }
    }

    fn glance(&mut self) -> Option<Outcome> {
        if self.stop.is_stopped() {
            return Some(Err(RecvError::Stopped));
        }
        self.end().or_else(|| self.superseded())
    }

    fn check(&mut self, _: Instant) -> Option<Outcome> {
        // Before the evidence: it speaks of this one, and not of a successor that comes right after.
        let suspect = self.segment.producer_state().epoch;
        // What cannot be told is taken for alive.
        if self.segment.producer_is_alive().unwrap_or(true) {
            return None;
        }
        self.seen_dead(suspect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::testing::{Site, die};
    use crate::ring::Stamped;

    #[test]
    fn a_successor_that_came_after_the_evidence_is_not_mourned_before_it_dies() {
        let site = Site::<u64, Stamped>::new();
        die(site.create(4));
        let mut rx = site.attach("r");
        let mut check = |between: &dyn Fn()| {
            let suspect = rx.segment.producer_state().epoch;
            assert!(!rx.segment.producer_is_alive().unwrap());
            between();
            let mut stream = Stream {
                front: &mut rx.reader,
                segment: &rx.segment,
                stop: &rx.stop,
                mourned: &mut rx.mourned,
            };
            match stream.seen_dead(suspect) {
                Some(Err(RecvError::ProducerDied { .. })) => rx.mourned,
                Some(_) => unreachable!("nothing was published or closed"),
                None => None,
            }
        };
        let successor = core::cell::Cell::new(None);
        assert_eq!(check(&|| successor.set(Some(site.create(4)))), None, "the second one lives");
        die(successor.take());
        assert_eq!(check(&|| ()), Some(2), "now it is dead");
        assert_eq!(check(&|| ()), None, "told once");
    }
}
