//! The helper's producer: what can be asked of it.

use std::sync::Mutex;

use myelon::{Alert, Error, Stopper};

use super::publish::{self, Publishes};
use super::{Told, crash, pair, told};
use crate::channels::{TestChannel, TestEvent};
use crate::form::Publish as Form;
use crate::limit::Limit;
use crate::line::Line;
use crate::messages::Sizes;

/// A producer of some channel.
pub(super) trait Producing: Publishes + Send {
    fn questions(&mut self, line: &Line) -> Told;
    fn hold(&mut self, line: &Line) -> Told;
    fn crash(&mut self, line: &Line) -> Told;
    fn try_as_copy(&mut self) -> String;
    fn stopper(&self) -> Stopper;
    fn close(self: Box<Self>);
    fn detach(self: Box<Self>);
}

pub(super) struct Tx<C: TestChannel>(C::Producer);

impl<C: TestChannel> Tx<C> {
    pub(super) fn new(producer: C::Producer) -> Self {
        Self(producer)
    }
}

impl<C: TestChannel> Publishes for Tx<C> {
    fn forms(&self) -> &'static [Form] {
        publish::FORMS
    }

    fn sequence(&self) -> u64 {
        self.0.sequence()
    }

    fn once(&mut self, form: Form, limit: Limit, first: u64, run: u64, _: &Sizes) -> Result<(), Error> {
        publish::once::<C>(&mut self.0, form, limit, first, run)
    }
}

/// What this helper's producers said of required consumers, since the last time that somebody asked.
static ALERTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

pub(super) fn note_alert(alert: &Alert) {
    ALERTS.lock().unwrap().push(format!("{}:{:?}", alert.id, alert.kind));
}

pub(super) fn alerts() -> String {
    std::mem::take(&mut *ALERTS.lock().unwrap()).join(",")
}

/// Everything that can be read of a producer; with `consumers=`, `consumed=`, `required`, `ms=` what can be waited for; and
/// with `health`, that everybody is well.
macro_rules! questions {
    ($tx:ident, $line:ident) => {{
        let time = core::time::Duration::from_millis($line.maybe("ms").unwrap_or(60_000));
        let since = std::time::Instant::now();
        if let Some(wanted) = $line.maybe("consumers") {
            $tx.wait_for_consumers(wanted, time).map_err(told)?;
        }
        if let Some(sequence) = $line.maybe("consumed") {
            $tx.wait_consumed(sequence, time).map_err(told)?;
        }
        if $line.has("required") {
            $tx.wait_for_required(time).map_err(told)?;
        }
        if $line.has("health") {
            $tx.check_health().map_err(told)?;
        }
        let waited = since.elapsed().as_millis();
        let mut out = pair("next", $tx.sequence()) + &pair("capacity", $tx.capacity());
        out += &(pair("lag", $tx.lag()) + &pair("attached", $tx.consumers()) + &pair("waited", waited));
        out += &(pair("location", $tx.location()) + &pair("missing", $tx.missing().join(",")));
        if let Some(last) = $tx.sequence().checked_sub(1) {
            out += &pair("all_consumed", u8::from($tx.is_consumed(last)));
        }
        if let Some(blocker) = $tx.blocker() {
            out += &(pair("id", &blocker.id) + &pair("pid", blocker.pid));
            out += &(pair("alive", u8::from(blocker.alive)) + &pair("behind", blocker.lag));
            out += &(pair("idle", blocker.idle.as_millis()) + &pair("blocker", blocker));
        }
        out += &pair("alerts", crate::peer::producer::alerts());
        out += &pair("health", $tx.health().map_or_else(told, |health| health.to_string()));
        out
    }};
}

/// What a copy of a producer in a forked child is told by every call; `$outcomes` are those of publishing.
macro_rules! as_copy {
    ($tx:ident, $outcomes:ident) => {{
        let time = core::time::Duration::from_secs(1);
        $outcomes.push($tx.wait_consumed(u64::MAX, time).map_or_else(told, |()| "consumed".to_owned()));
        $outcomes.push($tx.wait_for_consumers(1, time).map_or_else(told, |()| "attached".to_owned()));
        $outcomes.push($tx.wait_for_required(time).map_or_else(told, |()| "attached".to_owned()));
        $outcomes.push($tx.check_health().map_or_else(told, |()| "healthy".to_owned()));
        // What cannot fail must not crash either; what it says of a ring that is not there matters little.
        assert!($tx.blocker().is_none());
        assert!($tx.health().is_err());
        let _ = ($tx.lag(), $tx.capacity(), $tx.consumers(), $tx.is_consumed(0), $tx.sequence());
        let _ = (format!("{:?}", $tx), $tx.location(), $tx.placement(), $tx.stopper().stop());
        match $outcomes.iter().find(|text| !text.contains("Forked")) {
            None => "tx:forked ".to_owned(),
            Some(text) => format!("tx:{text} "),
        }
    }};
}

pub(super) use {as_copy, questions};

impl<C: TestChannel> Producing for Tx<C> {
    fn questions(&mut self, line: &Line) -> Told {
        let tx = &mut *self.0;
        Ok(questions!(tx, line) + &pair("free", tx.free_slots()))
    }

    /// Claims a slot, writes half of it, and waits for what to do with it.
    fn hold(&mut self, _: &Line) -> Told {
        let mut claim = self.0.claim().map_err(told)?;
        *claim = C::Event::make(u64::MAX - claim.sequence());
        super::answer(Ok(pair("claimed", claim.sequence())));
        let Some(line) = super::next_line() else { return Ok(String::new()) };
        match line.verb.as_str() {
            "release" => drop(claim),
            // (It has no destructor of its own; that it might get one is why this is asked.)
            "forget" => {
                let _ = core::mem::ManuallyDrop::new(claim);
            }
            "publish" => {
                *claim = C::Event::make(claim.sequence());
                claim.publish();
            }
            how => crash::now(how),
        }
        Ok(pair("next", self.0.sequence()))
    }

    fn crash(&mut self, line: &Line) -> Told {
        let how = line.text("how").unwrap();
        let at = line.maybe("index").unwrap_or(0);
        let first = self.0.sequence();
        let tx = &mut *self.0;
        crash::caught(|| match line.text("in").unwrap() {
            "with" => drop(tx.publish_with(|slot| {
                *slot = C::Event::make(u64::MAX);
                crash::now(how);
            })),
            "batch" => drop(tx.publish_batch(line.num("n") as usize, |index, slot| {
                *slot = C::Event::make(first + index as u64);
                if index == at {
                    *slot = C::Event::make(u64::MAX);
                    crash::now(how);
                }
            })),
            "claim" => {
                let mut claim = tx.claim().unwrap();
                *claim = C::Event::make(u64::MAX);
                crash::now(how);
            }
            "uninit" => {
                let mut claim = tx.claim_uninit().unwrap();
                claim.slot().write(C::Event::make(u64::MAX));
                crash::now(how);
            }
            other => panic!("no place `{other}`"),
        });
        Ok(pair("next", self.0.sequence()))
    }

    /// What a copy of this end in a forked child is told by every call.
    fn try_as_copy(&mut self) -> String {
        let mut out = Vec::new();
        for form in publish::FORMS {
            for turn in 0..4 {
                let first = self.0.sequence();
                let outcome = publish::once::<C>(&mut self.0, *form, Limit::Any.turn(turn), first, 2);
                out.push(outcome.map_or_else(told, |()| "published".to_owned()));
            }
        }
        let tx = &mut *self.0;
        let _ = tx.free_slots();
        as_copy!(tx, out)
    }

    fn stopper(&self) -> Stopper {
        self.0.stopper()
    }

    fn close(self: Box<Self>) {
        C::close_producer(self.0);
    }

    fn detach(self: Box<Self>) {
        C::detach_producer(self.0);
    }
}
