//! Publishing in every form and with every limit.

use std::path::Path;

use myelon::{Channel, Error, Producer, RingEvent};

use super::{Told, pair};
use crate::channels::{TestChannel, TestEvent};
use crate::form::Publish as Form;
use crate::journal::{Journal, Word};
use crate::limit::{Limit, call};
use crate::line::Line;
use crate::messages::Sizes;
use crate::system;

/// What publishing again and again needs of a producer.
pub(super) trait Publishes {
    /// Its forms.
    fn forms(&self) -> &'static [Form];
    /// What comes next.
    fn sequence(&self) -> u64;
    /// Publishes `run` events or messages (one, where the form takes only one), the first of them `first`.
    fn once(&mut self, form: Form, limit: Limit, first: u64, run: u64, sizes: &Sizes) -> Result<(), Error>;
}

/// How events can be published.
pub(super) const FORMS: &[Form] =
    &[Form::Value, Form::With, Form::Slice, Form::Batch, Form::Claim, Form::Uninit];

type Ring<C> = Producer<<C as Channel>::Event, <C as Channel>::Slots>;

/// Publishes `run` events (one, where the form takes only one), the first of them `first`.
pub(super) fn once<C: TestChannel>(
    tx: &mut Ring<C>,
    form: Form,
    limit: Limit,
    first: u64,
    run: u64,
) -> Result<(), Error> {
    let event = C::Event::make(first);
    let many = || (first..first + run).map(C::Event::make).collect::<Vec<_>>();
    match form {
        Form::Value => call!(tx, limit, (publish, try_publish, publish_timeout, publish_deadline)(event)),
        Form::With => {
            call!(
                tx,
                limit,
                (publish_with, try_publish_with, publish_with_timeout, publish_with_deadline)(
                    |slot: &mut C::Event| {
                        assert_eq!(*slot, C::Event::BLANK, "a slot is blank on entry");
                        *slot = event;
                    }
                )
            )
        }
        Form::Slice => {
            call!(
                tx,
                limit,
                (publish_slice, try_publish_slice, publish_slice_timeout, publish_slice_deadline)(&many())
            )
        }
        Form::Batch => {
            call!(
                tx,
                limit,
                (publish_batch, try_publish_batch, publish_batch_timeout, publish_batch_deadline)(
                    run as usize,
                    |index: usize, slot: &mut C::Event| {
                        assert_eq!(*slot, C::Event::BLANK, "a slot is blank on entry");
                        *slot = C::Event::make(first + index as u64);
                    }
                )
            )
        }
        Form::Claim => {
            call!(tx, limit, (claim, try_claim, claim_timeout, claim_deadline)()).map(|mut claim| {
                assert_eq!(*claim, C::Event::BLANK, "a slot is blank on entry");
                *claim = event;
                claim.publish()
            })
        }
        Form::Uninit => {
            call!(tx, limit, (claim_uninit, try_claim_uninit, claim_uninit_timeout, claim_uninit_deadline)())
                .map(|claim| claim.publish(event))
        }
        Form::Kind => panic!("not a form of events"),
    }
    .map(|given| assert_eq!(given, first, "the sequence that a publish returns"))
}

/// `publish n=|until= till= till-signal form=|mixed run= limit= journal= slow= len=`: until the sequence is reached, till a
/// file of that name exists, or till the signal of `stop-on-signal`.
pub(super) fn publish<T: Publishes + ?Sized>(tx: &mut T, line: &Line) -> Told {
    let limit = Limit::of(line);
    let end = line.maybe("until").unwrap_or_else(|| tx.sequence() + line.num("n"));
    let most: u64 = line.maybe("run").unwrap_or(1);
    let form = line.text("form").filter(|form| *form != "mixed").map(Form::of);
    let journal = line.text("journal").map(|path| Journal::open(path.as_ref(), 0));
    let slow: u64 = line.maybe("slow").unwrap_or(0);
    let (forms, sizes) = (tx.forms(), Sizes::of(line));
    let gives_up = line.has("till-signal");
    let mut turn = 0;
    while tx.sequence() < end {
        let first = tx.sequence();
        let form = form.unwrap_or(forms[turn as usize % forms.len()]);
        let run = if form.takes_many() { most.min(end - first) } else { 1 };
        if let Some(journal) = &journal {
            journal.set(Word::Attempted, first + run);
        }
        let outcome = tx.once(form, limit.turn(turn / forms.len() as u64), first, run, &sizes);
        if let Some(journal) = &journal {
            journal.set(Word::Published, tx.sequence());
        }
        match outcome {
            Ok(()) => {}
            Err(error) if limit.forgives(&error) => std::thread::yield_now(),
            Err(error) => return Err(format!("{} | next={}", super::told(error), tx.sequence())),
        }
        turn += 1;
        if gives_up && system::signalled() {
            break;
        }
        if turn % 128 == 0 && line.text("till").is_some_and(|path| Path::new(path).exists()) {
            break;
        }
        for _ in 0..slow {
            core::hint::spin_loop();
        }
    }
    Ok(pair("next", tx.sequence()))
}
