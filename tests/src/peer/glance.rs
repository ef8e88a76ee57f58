//! The helper's lossy consumers: what can be asked of them.

use core::ops::ControlFlow;

use myelon::{Error, LossyBuilder, MessageMeta, Meta, Stopper};

use super::consumer::Consuming;
use super::receive::{Receives, Watch};
use super::{Told, create, pair, told};
use crate::channels::TestChannel;
use crate::form::Receive as Form;
use crate::limit::{Limit, call};
use crate::line::Line;
use crate::messages::{Shown, TestMessages};

struct Events<C: TestChannel>(C::Lossy);

struct Messages<C: TestMessages>(C::Lossy);

/// `glance at= start= wait= timeout=`.
pub(super) fn events<C: TestChannel>(line: &Line) -> Result<Box<dyn Consuming>, String> {
    let builder: LossyBuilder<C> = create::lossy_builder(line)?;
    Ok(Box::new(Events::<C>(builder.build().map_err(told)?)))
}

/// As for events, and `max=`: the longest message.
pub(super) fn messages<C: TestMessages>(line: &Line) -> Result<Box<dyn Consuming>, String> {
    let mut builder: LossyBuilder<C> = create::lossy_builder(line)?;
    if let Some(max) = line.maybe("max") {
        builder = builder.max_message(max);
    }
    Ok(Box::new(Messages::<C>(builder.build().map_err(told)?)))
}

impl<C: TestChannel> Receives for Events<C> {
    fn forms(&self) -> &'static [Form] {
        &[Form::Value, Form::Drain, Form::DrainWhile]
    }

    fn sequence(&self) -> u64 {
        self.0.sequence()
    }

    fn once(&mut self, form: Form, limit: Limit, watch: &mut Watch) -> Result<bool, Error> {
        let rx = &mut self.0;
        let before = watch.got;
        let see = |watch: &mut Watch, event: C::Event, meta: Meta| watch.see(meta.sequence, &event);
        let count = match form {
            Form::Value => {
                let event = call!(rx, limit, (recv, try_recv, recv_timeout, recv_deadline)())?;
                let sequence = rx.sequence();
                return Ok(event.map(|event| watch.see(sequence - 1, &event)).is_some());
            }
            Form::Drain => call!(
                rx,
                limit,
                (drain, try_drain, drain_timeout, drain_deadline)(|event, meta| see(watch, event, meta))
            )?,
            _ => call!(
                rx,
                limit,
                (drain_while, try_drain_while, drain_while_timeout, drain_while_deadline)(|event, meta| {
                    see(watch, event, meta);
                    if watch.got - before >= 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                })
            )?,
        };
        assert_eq!(count, watch.got - before, "what a drain says it handed out");
        Ok(count > 0)
    }
}

impl<C: TestMessages> Messages<C> {
    fn see(watch: &mut Watch, message: Shown<'_, C>, meta: MessageMeta) {
        let size = watch.sizes.at(meta.sequence);
        watch.joined += u64::from(meta.reassembled);
        watch.note(meta.sequence, C::is_right(meta, size, message), || {
            format!("{meta:?} of {size} bytes or parts")
        });
    }
}

impl<C: TestMessages> Receives for Messages<C> {
    fn forms(&self) -> &'static [Form] {
        &[Form::Lease, Form::Drain, Form::DrainWhile]
    }

    fn sequence(&self) -> u64 {
        self.0.sequence()
    }

    fn once(&mut self, form: Form, limit: Limit, watch: &mut Watch) -> Result<bool, Error> {
        let rx = &mut self.0;
        let before = watch.got;
        let count = match form {
            Form::Lease => {
                let message = call!(rx, limit, (recv, try_recv, recv_timeout, recv_deadline)())?;
                return Ok(message.map(|message| Self::see(watch, message.get(), message.meta())).is_some());
            }
            Form::Drain => call!(
                rx,
                limit,
                (drain, try_drain, drain_timeout, drain_deadline)(
                    |message: Shown<'_, C>, meta: MessageMeta| Self::see(watch, message, meta)
                )
            )?,
            _ => call!(
                rx,
                limit,
                (drain_while, try_drain_while, drain_while_timeout, drain_while_deadline)(
                    |message: Shown<'_, C>, meta: MessageMeta| {
                        Self::see(watch, message, meta);
                        if watch.got - before >= 3 {
                            ControlFlow::Break(())
                        } else {
                            ControlFlow::Continue(())
                        }
                    }
                )
            )?,
        };
        assert_eq!(count, watch.got - before, "what a drain says it handed out");
        Ok(count > 0)
    }
}

macro_rules! consuming {
    ($end:ident, $channel:ident) => {
        impl<C: $channel> Consuming for $end<C> {
            fn questions(&mut self, _: &Line) -> Told {
                let rx = &self.0;
                let told = pair("next", rx.sequence()) + &pair("capacity", rx.capacity());
                Ok(told + &pair("lag", rx.lag()) + &pair("missed", rx.missed()) + &pair("at", rx.location()))
            }

            fn hold(&mut self, _: &Line) -> Told {
                Err("a lossy consumer holds nothing".to_owned())
            }

            fn crash(&mut self, _: &Line) -> Told {
                Err("a lossy consumer is not there to begin with".to_owned())
            }

            fn try_as_copy(&mut self) -> String {
                let outcomes = [
                    self.0.recv().map(drop).map_err(told),
                    self.0.try_recv().map(drop).map_err(told),
                    self.0.drain(|_, _| ()).map(drop).map_err(told),
                ];
                let _ = (self.0.lag(), self.0.sequence(), self.0.stopper().stop());
                if outcomes.iter().all(|outcome| outcome.as_ref().is_err_and(|text| text.contains("Forked")))
                {
                    "lossy:forked ".to_owned()
                } else {
                    format!("{outcomes:?}")
                }
            }

            fn stopper(&self) -> Stopper {
                self.0.stopper()
            }

            fn close(self: Box<Self>) {}
            fn detach(self: Box<Self>) {}
        }
    };
}

consuming!(Events, TestChannel);
consuming!(Messages, TestMessages);
