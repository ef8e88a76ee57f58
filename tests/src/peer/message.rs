//! The helper's ends of channels of messages: what can be asked of them.

use core::ops::ControlFlow;

use myelon::{Error, MessageMeta, RecordConsumer, Stopper};

use super::consumer::{self, Consuming};
use super::producer::{self, Producing};
use super::publish::Publishes;
use super::receive::{Receives, Watch};
use super::{Kind, Told, crash, create, pair, told};
use crate::form::{Publish, Receive};
use crate::limit::{Limit, call};
use crate::line::Line;
use crate::messages::put::{Crash, Put};
use crate::messages::story::{Fixed, Story};
use crate::messages::{
    Backwards, Bars, Bills, Books, Claim, Feed, Log, Messages, Monsters, Orders, Shown, Sizes, Sums,
    TestMessages, Timed, Wides, fill,
};

/// Those that every helper knows.
pub(super) const KINDS: &[Kind] = &[
    Kind::of::<Log>(),
    Kind::of::<Timed>(),
    Kind::of::<Books>(),
    Kind::of::<Monsters>(),
    Kind::of::<Wides>(),
    Kind::of::<Orders>(),
    Kind::of::<Bills>(),
    Kind::of::<Bars>(),
    Kind::of::<Sums>(),
    Kind::of::<Backwards>(),
    Kind::of::<Feed>(),
    Kind::of::<Story>(),
    Kind::of::<Fixed>(),
];

struct Tx<C: TestMessages>(C::Producer);

struct Rx<C: TestMessages>(C::Consumer);

/// As for events, and `max=`: the longest message.
pub(super) fn producer<C: TestMessages>(line: &Line) -> Result<Box<dyn Producing>, String> {
    let mut builder = create::producer_builder::<C>(line)?;
    if let Some(max) = line.maybe("max") {
        builder = builder.max_message(max);
    }
    Ok(Box::new(Tx::<C>(builder.build().map_err(told)?)))
}

/// As for events, and `max=`: the longest message; `trusting`: without validation.
pub(super) fn consumer<C: TestMessages>(line: &Line) -> Result<Box<dyn Consuming>, String> {
    let mut builder = create::consumer_builder::<C>(line)?;
    if let Some(max) = line.maybe("max") {
        builder = builder.max_message(max);
    }
    if line.has("trusting") {
        // SAFETY: (1) the other process of a test that says so is of the same build.
        builder = unsafe { builder.trust_producer() };
    }
    Ok(Box::new(Rx::<C>(builder.build().map_err(told)?)))
}

impl<C: TestMessages> Publishes for Tx<C> {
    fn forms(&self) -> &'static [Publish] {
        C::PUBLISH
    }

    fn sequence(&self) -> u64 {
        C::records_ref(&self.0).sequence()
    }

    fn once(
        &mut self,
        form: Publish,
        limit: Limit,
        first: u64,
        run: u64,
        sizes: &Sizes,
    ) -> Result<(), Error> {
        let given = C::put(&mut self.0, &Put { form, limit, first, run, sizes })?;
        assert_eq!(given, first, "the sequence that a publish returns");
        Ok(())
    }
}

impl<C: TestMessages> Producing for Tx<C> {
    fn questions(&mut self, line: &Line) -> Told {
        let tx = C::records(&mut self.0);
        let mut out = producer::questions!(tx, line) + &pair("free", tx.free_bytes());
        out += &(pair("lag_bytes", tx.lag_bytes()) + &pair("max_record", tx.max_record()));
        Ok(out + &pair("max_message", tx.max_message()))
    }

    /// Claims `max=` bytes, writes half of them, and waits for what to do with it.
    fn hold(&mut self, line: &Line) -> Told {
        let max = line.num("max") as usize;
        let mut claim = C::claim(&mut self.0, max).map_err(told)?;
        let sequence = claim.sequence();
        fill(!sequence, &mut claim[..max / 2]);
        super::answer(Ok(pair("claimed", sequence) + &pair("room", claim.len())));
        let Some(line) = super::next_line() else { return Ok(String::new()) };
        match line.verb.as_str() {
            "release" => drop(claim),
            // (It has no destructor of its own; that it might get one is why this is asked.)
            "forget" => {
                let _ = core::mem::ManuallyDrop::new(claim);
            }
            "publish" => {
                let len = line.num("len") as usize;
                fill(sequence, &mut claim[..len.min(max)]);
                claim.commit(len).map_err(told)?;
            }
            how => {
                // With the claim in hand.
                crash::now(how);
                drop(claim);
            }
        }
        Ok(pair("next", self.sequence()))
    }

    /// `in= how= len= n= index=`.
    fn crash(&mut self, line: &Line) -> Told {
        let crash = Crash {
            place: line.text("in").unwrap(),
            len: line.num("len") as usize,
            count: line.maybe("n").unwrap_or(0),
            index: line.maybe("index").unwrap_or(0),
            now: &|| crash::now(line.text("how").unwrap()),
        };
        crash::caught(|| C::crash(&mut self.0, &crash));
        Ok(pair("next", self.sequence()))
    }

    fn try_as_copy(&mut self) -> String {
        let mut out = Vec::new();
        let sizes = Sizes::parse("9");
        for form in C::PUBLISH {
            for turn in 0..4 {
                let outcome = self.once(*form, Limit::Any.turn(turn), self.sequence(), 2, &sizes);
                out.push(outcome.map_or_else(told, |()| "published".to_owned()));
            }
        }
        let tx = C::records(&mut self.0);
        let _ = (tx.free_bytes(), tx.lag_bytes(), tx.max_record(), tx.max_message());
        producer::as_copy!(tx, out)
    }

    fn stopper(&self) -> Stopper {
        C::records_ref(&self.0).stopper()
    }

    fn close(self: Box<Self>) {
        C::close_producer(self.0);
    }

    fn detach(self: Box<Self>) {
        C::detach_producer(self.0);
    }
}

impl<C: TestMessages> Rx<C> {
    fn see(watch: &mut Watch, message: Shown<'_, C>, meta: MessageMeta) {
        let size = watch.sizes.at(meta.sequence);
        watch.joined += u64::from(meta.reassembled);
        *watch.kinds.entry(meta.kind).or_default() += 1;
        watch.note(meta.sequence, C::is_right(meta, size, message), || {
            format!("{meta:?} of {size} bytes or parts")
        });
    }

    /// What is told of a message that is given away.
    fn given(&mut self, form: Receive, limit: Limit, watch: &mut Watch) -> Result<bool, Error> {
        let sizes = watch.sizes.clone();
        let see = &mut |meta: MessageMeta, is_right| {
            watch.joined += u64::from(meta.reassembled);
            *watch.kinds.entry(meta.kind).or_default() += 1;
            watch.note(meta.sequence, is_right, || format!("{meta:?}, given away"));
        };
        if form == Receive::Into {
            C::into(&mut self.0, limit, &sizes, see)
        } else {
            C::owned(&mut self.0, limit, &sizes, see)
        }
    }
}

/// Nothing hands out more messages at a time than the ring holds: at least a header each.
fn ring(rx: &RecordConsumer) -> u64 {
    rx.capacity() / 16
}

impl<C: TestMessages> Receives for Rx<C> {
    fn forms(&self) -> &'static [Receive] {
        C::RECEIVE
    }

    fn sequence(&self) -> u64 {
        self.0.sequence()
    }

    fn once(&mut self, form: Receive, limit: Limit, watch: &mut Watch) -> Result<bool, Error> {
        let rx: &mut Messages<C> = &mut self.0;
        match form {
            // What is given away is released before it is handled: lost, if the helper is killed in between.
            Receive::Value | Receive::Into if watch.journal.is_some() => {
                self.once(Receive::Lease, limit, watch)
            }
            Receive::Value | Receive::Into => {
                watch.in_hand(1);
                self.given(form, limit, watch)
            }
            Receive::Lease => {
                watch.in_hand(1);
                let lease = call!(rx, limit, (recv, try_recv, recv_timeout, recv_deadline)())?;
                Ok(lease.map(|lease| Self::see(watch, lease.get(), lease.meta())).is_some())
            }
            Receive::Wait => {
                if !call!(rx, limit, (wait, try_wait, wait_timeout, wait_deadline)())? {
                    return Ok(false);
                }
                watch.in_hand(1);
                let lease = rx.try_recv()?.expect("`wait` said that a message is there");
                Self::see(watch, lease.get(), lease.meta());
                Ok(true)
            }
            Receive::Drain => {
                watch.in_hand(ring(rx));
                let before = watch.got;
                let mut last = false;
                let count = call!(
                    rx,
                    limit,
                    (drain, try_drain, drain_timeout, drain_deadline)(
                        |message: Shown<'_, C>, meta: MessageMeta| {
                            assert!(!last, "nothing comes after the end of a batch");
                            last = meta.end_of_batch;
                            Self::see(watch, message, meta);
                        }
                    )
                )?;
                assert_eq!(count, watch.got - before, "what a drain says it handed out");
                assert_eq!(last, count > 0, "the last message of a drain is marked");
                Ok(count > 0)
            }
            Receive::DrainWhile => {
                watch.in_hand(ring(rx));
                let before = watch.got;
                let count = call!(
                    rx,
                    limit,
                    (drain_while, try_drain_while, drain_while_timeout, drain_while_deadline)(
                        |message: Shown<'_, C>, meta: MessageMeta| {
                            Self::see(watch, message, meta);
                            let enough = watch.expected >= watch.until || watch.got - before >= 3;
                            if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                        }
                    )
                )?;
                assert_eq!(count, watch.got - before, "the message that a drain broke at counts");
                Ok(count > 0)
            }
            Receive::Batch => {
                let Some(mut batch) = call!(rx, limit, (batch, try_batch, batch_timeout, batch_deadline)())?
                else {
                    return Ok(false);
                };
                // Not all of it, now and then: the rest comes again.
                let take = if watch.got % 3 == 2 { batch.len().div_ceil(2) } else { batch.len() };
                watch.in_hand(take as u64);
                // One that cannot be read ends the batch, and the next receive tells.
                let mut left = take;
                while let Some((message, meta)) = if left > 0 { batch.next_with_meta() } else { None } {
                    left -= 1;
                    Self::see(watch, message, meta);
                }
                Ok(true)
            }
            Receive::Slices => panic!("not a form of messages"),
        }
    }
}

impl<C: TestMessages> Consuming for Rx<C> {
    fn questions(&mut self, _: &Line) -> Told {
        let rx = &*self.0;
        Ok(consumer::questions!(rx) + &pair("free", rx.free_bytes()) + &pair("lag_bytes", rx.lag_bytes()))
    }

    /// Takes a lease or a batch and waits for what to do with it.
    fn hold(&mut self, line: &Line) -> Told {
        let mut watch = Watch::new(self.sequence(), line);
        let rx: &mut Messages<C> = &mut self.0;
        if line.text("form") == Some("batch") {
            let mut batch = rx.batch().map_err(told)?.ok_or("the end")?;
            let taken = line.maybe("take").unwrap_or(batch.len());
            let first = batch.sequence();
            for _ in 0..taken {
                let (message, meta) = batch.next_with_meta().ok_or("the batch is too short")?;
                Self::see(&mut watch, message, meta);
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
            Self::see(&mut watch, lease.get(), lease.meta());
            let answer = pair("sequence", lease.sequence()) + &pair("len", lease.encoded_len());
            super::answer(Ok(answer + &pair("joined", u8::from(lease.meta().reassembled))));
            let Some(line) = super::next_line() else { return Ok(String::new()) };
            // Whatever happened meanwhile: the message is still there.
            watch.expected -= 1;
            Self::see(&mut watch, lease.get(), lease.meta());
            match line.verb.as_str() {
                "release" => drop(lease),
                "forget" => core::mem::forget(lease),
                how => crash::now(how),
            }
        }
        watch.right()?;
        Ok(pair("next", self.sequence()))
    }

    fn crash(&mut self, line: &Line) -> Told {
        let how = line.text("how").unwrap();
        let at: u64 = line.maybe("at").unwrap_or_else(|| self.sequence());
        let rx: &mut Messages<C> = &mut self.0;
        crash::caught(|| match line.text("in").unwrap() {
            "drain" => drop(rx.drain(|_, meta| {
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
        Ok(pair("next", self.sequence()))
    }

    fn try_as_copy(&mut self) -> String {
        let mut out = Vec::new();
        for form in C::RECEIVE {
            for turn in 0..4 {
                let mut watch = Watch::new(self.sequence(), &Line::default());
                let outcome = self.once(*form, Limit::Any.turn(turn), &mut watch);
                out.push(outcome.map_or_else(told, |_| "received".to_owned()));
            }
        }
        let rx = &*self.0;
        let _ = (rx.free_bytes(), rx.lag_bytes());
        consumer::as_copy!(rx, out)
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
