//! Receiving in every form and with every limit; every event is compared with what its sequence says.

use core::ops::ControlFlow;
use std::collections::BTreeMap;
use std::time::Instant;

use myelon::{Channel, Consumer, Error, RecvError, RecvTimeoutError, TryRecvError};

use super::{Told, pair, told};
use crate::channels::{TestChannel, TestEvent};
use crate::form::Receive as Form;
use crate::journal::{Journal, Word};
use crate::limit::{Limit, call, timed_out};
use crate::line::Line;
use crate::messages::Sizes;
use crate::messages::spoilt::is_spoilt;
use crate::system;

/// What receiving again and again needs of a consumer.
pub(super) trait Receives {
    /// Its forms.
    fn forms(&self) -> &'static [Form];
    /// What comes next.
    fn sequence(&self) -> u64;
    /// Receives once; false at the end of the stream.
    fn once(&mut self, form: Form, limit: Limit, watch: &mut Watch) -> Result<bool, Error>;
}

/// How events can be received.
pub(super) const FORMS: &[Form] =
    &[Form::Lease, Form::Value, Form::Wait, Form::Drain, Form::DrainWhile, Form::Batch, Form::Slices];

/// Looks at every event or message: the right one, whole, none left out, none twice.
pub(super) struct Watch {
    pub(super) expected: u64,
    pub(super) until: u64,
    pub(super) got: u64,
    wrong: Option<String>,
    pub(super) journal: Option<Journal>,
    /// Spins after each event: a slow consumer.
    slow: u64,
    /// Of messages.
    pub(super) sizes: Sizes,
    /// How many messages came in fragments.
    pub(super) joined: u64,
    /// How many of which kind were shown.
    pub(super) kinds: BTreeMap<u16, u64>,
    /// Some come from a producer that spoils what it writes: those may be anything that can be read.
    spoilt: bool,
    plant: Option<Plant>,
    /// The first one decides where it begins: of a lossy consumer of messages that was overtaken while it attached.
    begins_anywhere: bool,
}

/// A mistake that a consumer is told to make, to see that it is found.
#[derive(Debug, Clone)]
struct Plant {
    how: String,
    /// After so many.
    after: u64,
}

impl Plant {
    /// `plant=lost:N|twice:N|torn:N`.
    fn of(line: &Line) -> Option<Self> {
        let (how, after) = line.text("plant")?.split_once(':').unwrap();
        Some(Self { how: how.to_owned(), after: after.parse().unwrap() })
    }
}

impl Watch {
    pub(super) fn new(expected: u64, line: &Line) -> Self {
        let until =
            line.maybe("until").or_else(|| Some(expected + line.maybe::<u64>("n")?)).unwrap_or(u64::MAX);
        let journal = line.text("journal").map(|path| Journal::open(path.as_ref(), 0));
        let slow = line.maybe("slow").unwrap_or(0);
        let sizes = Sizes::of(line);
        Self {
            expected,
            until,
            got: 0,
            wrong: None,
            journal,
            slow,
            sizes,
            joined: 0,
            kinds: BTreeMap::new(),
            spoilt: line.has("spoilt"),
            plant: Plant::of(line),
            begins_anywhere: line.has("begins-anywhere"),
        }
    }

    pub(super) fn see<E: TestEvent>(&mut self, sequence: u64, event: &E) {
        let right = E::make(sequence);
        self.note(sequence, *event == right, || format!("{event:?} != {right:?}"));
    }

    /// Notes what came: its number, and whether it is what has that number.
    pub(super) fn note(&mut self, sequence: u64, is_right: bool, what: impl FnOnce() -> String) {
        let is_right = is_right || (self.spoilt && is_spoilt(sequence));
        let plant =
            self.plant.take_if(|plant| plant.after == self.got).map_or(String::new(), |plant| plant.how);
        let is_right = is_right && plant != "torn";
        // Where it stood at first was a guess, if it was overtaken while it looked: that of a later moment is too high.
        if core::mem::take(&mut self.begins_anywhere) && sequence != self.expected {
            self.expected = sequence;
            if let Some(journal) = &self.journal {
                journal.set(Word::Began, sequence + 1);
            }
        }
        if sequence != self.expected || !is_right {
            let expected = self.expected;
            self.wrong.get_or_insert_with(|| format!("WRONG: {sequence}, expected {expected}: {}", what()));
            if let Some(journal) = &self.journal {
                journal.set(Word::Torn, sequence + 1);
            }
        }
        if let Some(journal) = &self.journal {
            match plant.as_str() {
                "lost" => {}
                "twice" => (0..2).for_each(|_| journal.handle(sequence)),
                _ => journal.handle(sequence),
            }
        }
        for _ in 0..self.slow {
            core::hint::spin_loop();
        }
        self.expected = sequence + 1;
        self.got += 1;
    }

    /// Notes that it was told that the next `count` are lost.
    fn miss(&mut self, count: u64) {
        self.begins_anywhere = false;
        if let Some(journal) = &self.journal {
            (self.expected..).take(count as usize).for_each(|sequence| journal.lose(sequence));
        }
        self.expected += count;
    }

    /// Whether all that came was right.
    pub(super) fn right(&mut self) -> Result<(), String> {
        self.wrong.take().map_or(Ok(()), Err)
    }

    pub(super) fn in_hand(&self, count: u64) {
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
        Form::Into => panic!("not a form of events"),
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

/// What went wrong in ways that a test tolerates, and how often.
#[derive(Default)]
struct Tolerated {
    died: u64,
    died_at: u64,
    missed: u64,
    invalid: u64,
    incomplete: u64,
    undecodable: u64,
    too_long: u64,
    /// The sequences that were told as skipped.
    skipped: Vec<u64>,
}

impl Tolerated {
    /// Whether `reason` is one that `list` names; one that skips a sequence is noted as if it had come.
    fn take(&mut self, reason: &RecvError, list: &str, watch: &mut Watch) -> bool {
        let (name, count, sequence) = match *reason {
            RecvError::ProducerDied { sequence, .. } if list.contains("died") => {
                self.died_at = sequence;
                self.died += 1;
                if let Some(journal) = &watch.journal {
                    journal.set(Word::Told, self.died);
                }
                return true;
            }
            RecvError::Lagged { missed } if list.contains("lagged") => {
                watch.miss(missed);
                self.missed += missed;
                return true;
            }
            RecvError::Invalid { sequence } => ("invalid", &mut self.invalid, sequence),
            RecvError::Incomplete { sequence } => ("incomplete", &mut self.incomplete, sequence),
            RecvError::Undecodable { sequence, .. } => ("undecodable", &mut self.undecodable, sequence),
            RecvError::TooLong { sequence, .. } => ("toolong", &mut self.too_long, sequence),
            _ => return false,
        };
        if !list.contains(name) {
            return false;
        }
        *count += 1;
        assert_eq!(sequence, watch.expected, "the sequence of one that is skipped: {reason:?}");
        watch.expected += 1;
        self.skipped.push(sequence);
        if let Some(journal) = &watch.journal {
            journal.lose(sequence);
        }
        true
    }
}

/// `receive until=|n=|end till-signal form=|mixed limit= journal= slow= tolerate=died,lagged,invalid,incomplete,undecodable,toolong len=
/// spoilt plant= begins-anywhere`.
pub(super) fn receive<T: Receives + ?Sized>(rx: &mut T, line: &Line) -> Told {
    let limit = Limit::of(line);
    let form = line.text("form").filter(|form| *form != "mixed").map(Form::of);
    let mut watch = Watch::new(rx.sequence(), line);
    let mut tolerated = Tolerated::default();
    let mut closed = 0;
    let mut turn = 0;
    let forms = rx.forms();
    let gives_up = line.has("till-signal");
    let since = Instant::now();
    while watch.expected < watch.until {
        let form = form.unwrap_or(forms[turn as usize % forms.len()]);
        match rx.once(form, limit.turn(turn / forms.len() as u64), &mut watch) {
            Ok(true) => {}
            Ok(false) => {
                closed = 1;
                break;
            }
            Err(error) if limit.forgives(&error) => std::thread::yield_now(),
            Err(error) => {
                let list = line.text("tolerate").unwrap_or_default();
                let reason = reason(&error);
                if !reason.is_some_and(|reason| tolerated.take(&reason, list, &mut watch)) {
                    let silent = if timed_out(&error) { "" } else { "!" };
                    return Err(format!(
                        "{} | next={} got={} after={}ms{silent}",
                        told(error),
                        rx.sequence(),
                        watch.got,
                        since.elapsed().as_millis()
                    ));
                }
            }
        }
        watch.right()?;
        turn += 1;
        if gives_up && system::signalled() {
            break;
        }
    }
    let mut out = pair("next", rx.sequence()) + &pair("got", watch.got) + &pair("closed", closed);
    out += &(pair("died", tolerated.died) + &pair("died_at", tolerated.died_at));
    out += &pair("missed", tolerated.missed);
    out += &(pair("invalid", tolerated.invalid) + &pair("incomplete", tolerated.incomplete));
    out += &(pair("undecodable", tolerated.undecodable) + &pair("toolong", tolerated.too_long));
    let skipped: Vec<_> = tolerated.skipped.iter().map(u64::to_string).collect();
    out += &(pair("skipped", skipped.join(",")) + &pair("joined", watch.joined));
    let kinds: Vec<_> = watch.kinds.iter().map(|(kind, count)| format!("{kind}:{count}")).collect();
    out += &pair("kinds", kinds.join(","));
    Ok(out + &pair("ms", since.elapsed().as_millis()))
}
