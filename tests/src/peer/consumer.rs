//! The helper's consumer: what can be asked of it.

use myelon::{Error, Stopper};

use super::receive::{self, Receives, Watch};
use super::{Told, crash, pair, told};
use crate::channels::{TestChannel, TestEvent};
use crate::form::Receive as Form;
use crate::limit::Limit;
use crate::line::Line;

/// A consumer of some channel.
pub(super) trait Consuming: Receives + Send {
    fn questions(&mut self, line: &Line) -> Told;
    fn hold(&mut self, line: &Line) -> Told;
    fn crash(&mut self, line: &Line) -> Told;
    fn try_as_copy(&mut self) -> String;
    fn stopper(&self) -> Stopper;
    fn close(self: Box<Self>);
    fn detach(self: Box<Self>);
}

pub(super) struct Rx<C: TestChannel>(C::Consumer);

impl<C: TestChannel> Rx<C> {
    pub(super) fn new(consumer: C::Consumer) -> Self {
        Self(consumer)
    }
}

impl<C: TestChannel> Receives for Rx<C> {
    fn forms(&self) -> &'static [Form] {
        receive::FORMS
    }

    fn sequence(&self) -> u64 {
        self.0.sequence()
    }

    fn once(&mut self, form: Form, limit: Limit, watch: &mut Watch) -> Result<bool, Error> {
        receive::once::<C>(&mut self.0, form, limit, watch)
    }
}

/// Everything that can be read of a consumer.
macro_rules! questions {
    ($rx:ident) => {
        pair("next", $rx.sequence())
            + &pair("capacity", $rx.capacity())
            + &pair("lag", $rx.lag())
            + &pair("id", $rx.id())
            + &pair("location", $rx.location())
            + &pair("health", $rx.health().map_or_else(told, |health| health.to_string()))
    };
}

/// What a copy of a consumer in a forked child is told by every call; `$outcomes` are those of receiving.
macro_rules! as_copy {
    ($rx:ident, $outcomes:ident) => {{
        let _ = ($rx.lag(), $rx.capacity(), $rx.sequence(), $rx.id());
        assert!($rx.health().is_err());
        let _ = (format!("{:?}", $rx), $rx.location(), $rx.placement(), $rx.stopper().stop());
        match $outcomes.iter().find(|text| !text.contains("Forked")) {
            None => "rx:forked ".to_owned(),
            Some(text) => format!("rx:{text} "),
        }
    }};
}

pub(super) use {as_copy, questions};

impl<C: TestChannel> Consuming for Rx<C> {
    fn questions(&mut self, _: &Line) -> Told {
        let rx = &*self.0;
        Ok(questions!(rx) + &pair("free", rx.free_slots()))
    }

    /// Takes a lease or a batch and waits for what to do with it.
    fn hold(&mut self, line: &Line) -> Told {
        let rx = &mut *self.0;
        if line.text("form") == Some("batch") {
            let mut batch = rx.batch().map_err(told)?.ok_or("the end")?;
            let taken = line.maybe("take").unwrap_or(batch.len());
            let first = batch.sequence();
            for sequence in (first..).take(taken) {
                assert_eq!(batch.next(), Some(&C::Event::make(sequence)));
            }
            super::answer(Ok(pair("first", first) + &pair("left", batch.len())));
            let Some(line) = super::next_line() else { return Ok(String::new()) };
            match line.verb.as_str() {
                "release" => drop(batch),
                "forget" => core::mem::forget(batch),
                how => crash::now(how),
            }
        } else {
            let lease = rx.recv().map_err(told)?.ok_or("the end")?;
            let sequence = lease.sequence();
            assert_eq!(*lease, C::Event::make(sequence));
            super::answer(Ok(pair("sequence", sequence) + &pair("behind", lease.behind())));
            let Some(line) = super::next_line() else { return Ok(String::new()) };
            // Whatever happened meanwhile: the event is still there.
            assert_eq!(*lease, C::Event::make(sequence));
            match line.verb.as_str() {
                "release" => drop(lease),
                "forget" => core::mem::forget(lease),
                how => crash::now(how),
            }
        }
        Ok(pair("next", self.0.sequence()))
    }

    fn crash(&mut self, line: &Line) -> Told {
        let how = line.text("how").unwrap();
        let at: u64 = line.maybe("at").unwrap_or_else(|| self.0.sequence());
        let rx = &mut *self.0;
        crash::caught(|| match line.text("in").unwrap() {
            "drain" => drop(rx.drain(|event, meta| {
                assert_eq!(*event, C::Event::make(meta.sequence));
                if meta.sequence == at {
                    crash::now(how);
                }
            })),
            "lease" => {
                let _lease = rx.recv().unwrap().unwrap();
                crash::now(how);
            }
            "batch" => {
                let mut batch = rx.batch().unwrap().unwrap();
                while batch.sequence() <= at {
                    batch.next().unwrap();
                }
                crash::now(how);
            }
            other => panic!("no place `{other}`"),
        });
        Ok(pair("next", self.0.sequence()))
    }

    fn try_as_copy(&mut self) -> String {
        let mut out = Vec::new();
        for form in receive::FORMS {
            for turn in 0..4 {
                let mut watch = Watch::new(self.0.sequence(), &Line::default());
                let outcome = receive::once::<C>(&mut self.0, *form, Limit::Any.turn(turn), &mut watch);
                out.push(outcome.map_or_else(told, |_| "received".to_owned()));
            }
        }
        let rx = &*self.0;
        let _ = rx.free_slots();
        as_copy!(rx, out)
    }

    fn stopper(&self) -> Stopper {
        self.0.stopper()
    }

    fn close(self: Box<Self>) {
        C::close_consumer(self.0);
    }

    fn detach(self: Box<Self>) {
        C::detach_consumer(self.0);
    }
}
