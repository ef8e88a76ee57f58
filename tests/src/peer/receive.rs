//! Receiving in every form and with every limit; every event is compared with what its sequence says.

use core::ops::ControlFlow;
use std::time::Instant;

use myelon::{Channel, Consumer, Error, RecvError, RecvTimeoutError, TryRecvError};

use super::limit::{Limit, call, timed_out};
use super::{Told, consumer, pair, told};
use crate::channels::{TestChannel, TestEvent};
use crate::journal::{Journal, Word};
use crate::line::Line;

/// How events are taken out of the ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Lease,
    Value,
    Wait,
    Drain,
    DrainWhile,
    Batch,
    Slices,
}

impl Form {
    pub(super) const ALL: [Self; 7] =
        [Self::Lease, Self::Value, Self::Wait, Self::Drain, Self::DrainWhile, Self::Batch, Self::Slices];

    fn of(text: &str) -> Self {
        match text {
            "lease" => Self::Lease,
            "value" => Self::Value,
            "wait" => Self::Wait,
            "drain" => Self::Drain,
            "drain_while" => Self::DrainWhile,
            "batch" => Self::Batch,
            "slices" => Self::Slices,
            other => panic!("no form `{other}`"),
        }
    }
}

/// Looks at every event: the right one, whole, none left out, none twice.
pub(super) struct Watch {
    expected: u64,
    until: u64,
    got: u64,
    wrong: Option<String>,
    journal: Option<Journal>,
    /// Spins after each event: a slow consumer.
    slow: u64,
}

impl Watch {
    pub(super) fn new(expected: u64, line: &Line) -> Self {
        let until =
            line.maybe("until").or_else(|| Some(expected + line.maybe::<u64>("n")?)).unwrap_or(u64::MAX);
        let journal = line.text("journal").map(|path| Journal::open(path.as_ref(), 0));
        let slow = line.maybe("slow").unwrap_or(0);
        Self { expected, until, got: 0, wrong: None, journal, slow }
    }

    fn see<E: TestEvent>(&mut self, sequence: u64, event: &E) {
        let right = E::make(sequence);
        if sequence != self.expected || *event != right {
            let expected = self.expected;
            self.wrong.get_or_insert_with(|| {
                format!("WRONG event {sequence}, expected {expected}: {event:?} != {right:?}")
            });
            if let Some(journal) = &self.journal {
                journal.set(Word::Torn, sequence + 1);
            }
        }
        if let Some(journal) = &self.journal {
            journal.handle(sequence);
        }
        for _ in 0..self.slow {
            core::hint::spin_loop();
        }
        self.expected = sequence + 1;
        self.got += 1;
    }

    fn in_hand(&self, count: u64) {
        if let Some(journal) = &self.journal {
            journal.set(Word::InHand, count);
        }
    }
}

/// A drain releases events in runs of this many.
const DRAIN_RUN: u64 = 64;

type Ring<C> = Consumer<<C as Channel>::Event, <C as Channel>::Slots>;

/// Receives once; false at the end of the stream.
pub(super) fn once<C: TestChannel>(
    rx: &mut Ring<C>,
    form: Form,
    limit: Limit,
    watch: &mut Watch,
) -> Result<bool, Error> {
    match form {
        // What is copied out is released before it is handled: lost, if the helper is killed in between.
        Form::Value if watch.journal.is_some() => once::<C>(rx, Form::Lease, limit, watch),
        Form::Lease => {
            watch.in_hand(1);
            let lease = call!(rx, limit, (recv, try_recv, recv_timeout, recv_deadline)())?;
            Ok(lease.map(|lease| watch.see::<C::Event>(lease.sequence(), &lease)).is_some())
        }
        Form::Value => {
            watch.in_hand(1);
            let sequence = rx.sequence();
            let copy = call!(rx, limit, (recv, try_recv, recv_timeout, recv_deadline)())?.map(|lease| *lease);
            Ok(copy.map(|event| watch.see::<C::Event>(sequence, &event)).is_some())
        }
        Form::Wait => {
            if !call!(rx, limit, (wait, try_wait, wait_timeout, wait_deadline)())? {
                return Ok(false);
            }
            watch.in_hand(1);
            let lease = rx.try_recv()?.expect("`wait` said that an event is there");
            watch.see::<C::Event>(lease.sequence(), &lease);
            Ok(true)
        }
        Form::Drain => {
            watch.in_hand(DRAIN_RUN);
            let before = watch.got;
            let mut last = false;
            let count = call!(
                rx,
                limit,
                (drain, try_drain, drain_timeout, drain_deadline)(|event: &C::Event, meta: myelon::Meta| {
                    assert!(!last, "nothing comes after the end of a batch");
                    last = meta.end_of_batch;
                    watch.see(meta.sequence, event);
                })
            )?;
            assert_eq!(count, watch.got - before, "what a drain says it handed out");
            assert_eq!(last, count > 0, "the last event of a drain is marked");
            Ok(count > 0)
        }
        Form::DrainWhile => {
            watch.in_hand(DRAIN_RUN);
            let before = watch.got;
            let count = call!(
                rx,
                limit,
                (drain_while, try_drain_while, drain_while_timeout, drain_while_deadline)(
                    |event: &C::Event, meta: myelon::Meta| {
                        watch.see(meta.sequence, event);
                        let enough = watch.expected >= watch.until || watch.got - before >= 3;
                        if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                    }
                )
            )?;
            assert_eq!(count, watch.got - before, "the event that a drain broke at counts");
            Ok(count > 0)
        }
        Form::Batch => {
            let Some(mut batch) = call!(rx, limit, (batch, try_batch, batch_timeout, batch_deadline)())?
            else {
                return Ok(false);
            };
            // Not all of it, now and then: the rest comes again.
            let take = if watch.got % 3 == 2 { batch.len().div_ceil(2) } else { batch.len() };
            watch.in_hand(take as u64);
            for (sequence, event) in (batch.sequence()..).zip((&mut batch).into_iter().take(take)) {
                watch.see::<C::Event>(sequence, event);
            }
            Ok(true)
        }
        Form::Slices => {
            let Some(mut batch) = call!(rx, limit, (batch, try_batch, batch_timeout, batch_deadline)())?
            else {
                return Ok(false);
            };
            watch.in_hand(batch.len() as u64);
            let mut sequence = batch.sequence();
            C::slices(&mut batch, &mut |event| {
                watch.see(sequence, event);
                sequence += 1;
            });
            Ok(true)
        }
    }
}

/// What a receive failed with, without how long it was to wait.
fn reason(error: &Error) -> Option<RecvError> {
    match error {
        Error::Recv(reason)
        | Error::TryRecv(TryRecvError::Failed(reason))
        | Error::RecvTimeout(RecvTimeoutError::Failed(reason)) => Some(reason.clone()),
        _ => None,
    }
}

/// `receive until=|n=|end form=|mixed limit= journal= slow= tolerate=died,invalid`.
pub(super) fn receive<C: TestChannel>(rx: &mut Ring<C>, line: &Line) -> Told {
    let limit = Limit::of(line);
    let form = line.text("form").filter(|form| *form != "mixed").map(Form::of);
    let tolerates = |what: &str| line.text("tolerate").is_some_and(|list| list.contains(what));
    let mut watch = Watch::new(rx.sequence(), line);
    let (mut died, mut died_at, mut invalid, mut closed) = (0_u64, 0, 0_u64, 0);
    let mut turn = 0;
    let since = Instant::now();
    while watch.expected < watch.until {
        let form = form.unwrap_or(Form::ALL[turn as usize % Form::ALL.len()]);
        match once::<C>(rx, form, limit.turn(turn / Form::ALL.len() as u64), &mut watch) {
            Ok(true) => {}
            Ok(false) => {
                closed = 1;
                break;
            }
            Err(error) => match reason(&error) {
                _ if limit.forgives(&error) => std::thread::yield_now(),
                Some(RecvError::ProducerDied { sequence, .. }) if tolerates("died") => {
                    died += 1;
                    died_at = sequence;
                }
                Some(RecvError::Invalid { sequence }) if tolerates("invalid") => {
                    assert_eq!(sequence, watch.expected, "the sequence of an invalid event");
                    watch.expected += 1;
                    invalid += 1;
                }
                _ => {
                    let silent = if timed_out(&error) { "" } else { "!" };
                    return Err(format!(
                        "{} | next={} got={} after={}ms{silent}",
                        told(error),
                        rx.sequence(),
                        watch.got,
                        consumer::millis(since)
                    ));
                }
            },
        }
        if let Some(wrong) = watch.wrong.take() {
            return Err(wrong);
        }
        turn += 1;
    }
    let mut out = pair("next", rx.sequence()) + &pair("got", watch.got) + &pair("closed", closed);
    out += &(pair("died", died) + &pair("died_at", died_at) + &pair("invalid", invalid));
    Ok(out + &pair("ms", consumer::millis(since)))
}
