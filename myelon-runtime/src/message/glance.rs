//! Every form of receiving messages without holding them up.

use core::fmt;
use core::marker::PhantomData;
use core::ops::{ControlFlow, Deref};

use super::buffer::Buffer;
use super::format::{Format, Give, GiveCopy, Single, Trust};
use super::lease::undecodable;
use super::lossy::{Copied, Glances};
use super::meta::MessageMeta;
use crate::consumer::arrival::{Grace, Nothing};
use crate::consumer::{RecvError, RecvTimeoutError, TryRecvError};
use crate::location::Location;
use crate::ring::Sequence;
use crate::ring::records::UNIT;
use crate::wait::Stopper;
use crate::wait::patience::forms;

/// One that sees the messages of a channel as long as it keeps up, and learns how many it missed when it does not: what a
/// [`LossyConsumer`](crate::consumer::LossyConsumer) is for events.
///
/// Messages are copied out of the ring, or joined of their fragments, into memory of this consumer, validated there, and
/// lent from there; [`LossyMessage::into_owned`] gives them by value. A message that is longer than three quarters of the ring
/// can only be read while it is written.
pub struct MessageLossyConsumer<F> {
    glances: Glances,
    format: PhantomData<fn() -> F>,
}

/// A copy of one message, lent until the next receive.
///
/// [`get`](Self::get) shows it, validated or decoded; of a channel with one kind of message it dereferences to it as well.
pub struct LossyMessage<'a, F: Format> {
    held: F::Held<'a>,
    meta: MessageMeta,
    len: usize,
}

impl<F: Format> LossyMessage<'_, F> {
    /// The message.
    pub fn get(&self) -> F::Ref<'_> {
        F::show(&self.held)
    }

    /// Its number in the channel.
    pub fn sequence(&self) -> Sequence {
        self.meta.sequence
    }

    /// What is known beside the payload.
    pub fn meta(&self) -> MessageMeta {
        self.meta
    }

    /// Bytes of the payload, as it travelled.
    pub fn encoded_len(&self) -> usize {
        self.len
    }

    /// An owned value of it.
    ///
    /// # Errors
    /// [`RecvError::Undecodable`] if the format can only tell now that there is none.
    pub fn into_owned(self) -> Result<F::Owned, RecvError>
    where
        F: Give,
    {
        F::give(self.held).map_err(|source| undecodable(&self.meta, source))
    }

    /// Makes an owned value of the message, which stays where it is: out of the ring, or as a clone of what was decoded. Of
    /// several kinds with `owned = true`, if the values of all decoded ones are `Clone`.
    ///
    /// # Errors
    /// As [`into_owned`](Self::into_owned).
    pub fn to_owned(&self) -> Result<F::Owned, RecvError>
    where
        F: GiveCopy,
    {
        F::give_copy(&self.held).map_err(|source| undecodable(&self.meta, source))
    }
}

impl<F: Single> Deref for LossyMessage<'_, F> {
    type Target = F::Target;

    fn deref(&self) -> &F::Target {
        F::target(&self.held)
    }
}

// Not derived: that would ask for what is held to be `Debug`.
impl<F: Format> fmt::Debug for LossyMessage<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LossyMessage").field("meta", &self.meta).finish_non_exhaustive()
    }
}

impl<F: Format> From<Glances> for MessageLossyConsumer<F> {
    fn from(glances: Glances) -> Self {
        Self { glances, format: PhantomData }
    }
}

impl<F: Format> MessageLossyConsumer<F> {
    /// The next message, if it is there and can be read.
    pub(crate) fn read(&mut self) -> Result<Option<LossyMessage<'_, F>>, RecvError> {
        match self.glances.read()? {
            Some(copied) => self.show(copied).map(Some),
            None => Ok(None),
        }
    }

    /// Validates or decodes a message that was copied last.
    fn show(&mut self, copied: Copied) -> Result<LossyMessage<'_, F>, RecvError> {
        let Copied { len, meta } = copied;
        let Glances { kinds, joint, look, .. } = &mut self.glances;
        let held = kinds
            .check(meta.kind, &look.segment)
            .and_then(|()| F::hold(meta.kind, joint.bytes(len), Trust::NONE))
            .map_err(|source| undecodable(&meta, source))?;
        Ok(LossyMessage { held, meta, len })
    }

    fn message<P: Grace>(&mut self, mut patience: P) -> Result<Option<LossyMessage<'_, F>>, P::Error> {
        let Some(copied) = self.glances.next(&mut patience)? else { return Ok(None) };
        self.show(copied).map(Some).map_err(|error| Nothing::Failed(error).into())
    }

    fn all<P: Grace>(
        &mut self,
        mut each: impl FnMut(F::Ref<'_>, MessageMeta),
        patience: P,
    ) -> Result<u64, P::Error> {
        self.all_while(
            |message, meta| {
                each(message, meta);
                ControlFlow::Continue(())
            },
            patience,
        )
    }

    fn all_while<P: Grace>(
        &mut self,
        mut each: impl FnMut(F::Ref<'_>, MessageMeta) -> ControlFlow<()>,
        mut patience: P,
    ) -> Result<u64, P::Error> {
        let glances = &mut self.glances;
        let Some(mut current) = glances.next(&mut patience)? else { return Ok(0) };
        let last = glances.look.next + glances.look.ring.capacity();
        let mut spare = core::mem::replace(&mut glances.spare, Buffer::new());
        let mut count = 0;
        let outcome = loop {
            glances.joint.swap(&mut spare);
            let held = glances.kinds.check(current.meta.kind, &glances.look.segment);
            let held = held.and_then(|()| F::hold(current.meta.kind, spare.get(current.len), Trust::NONE));
            let held = match held {
                Ok(held) => held,
                Err(source) if count == 0 => {
                    break Err(Nothing::Failed(undecodable(&current.meta, source)).into());
                }
                Err(source) => {
                    glances.owed = Some(undecodable(&current.meta, source));
                    break Ok(count);
                }
            };
            // The next one first, so that this one knows whether it is the last. Kept where the next call finds it, should
            // the handler panic.
            if glances.look.next < last {
                glances.ready = glances.read().unwrap_or_else(|error| {
                    glances.owed = Some(error);
                    None
                });
            }
            count += 1;
            let meta = MessageMeta { end_of_batch: glances.ready.is_none(), ..current.meta };
            let flow = each(F::show(&held), meta);
            drop(held);
            let next = if flow.is_continue() { glances.ready.take() } else { None };
            let Some(next) = next else { break Ok(count) };
            current = next;
        };
        glances.spare = spare;
        outcome
    }

    /// Skips what is there: the next message is one that is not published yet.
    pub(crate) fn skip_to_latest(&mut self) {
        self.glances.skip_to_latest();
    }

    #[cfg(test)]
    pub(super) fn glances(&self) -> &Glances {
        &self.glances
    }

    /// The number of the message that is looked for next, as far as it is known: if the producer overtook it while it attached
    /// or skipped, a guess until the first one, which may be lower or higher.
    pub fn sequence(&self) -> Sequence {
        self.glances.next_number()
    }

    /// How many messages are published and not yet received; some of them may be overwritten.
    pub fn lag(&self) -> u64 {
        self.glances.look.segment.messages().saturating_sub(self.sequence())
    }

    /// How many messages this consumer missed so far: the sum of all [`RecvError::Lagged`].
    pub fn missed(&self) -> u64 {
        self.glances.look.missed()
    }

    /// Bytes of the ring.
    pub fn capacity(&self) -> u64 {
        self.glances.look.ring.capacity() * UNIT as u64
    }

    /// The longest message that this consumer joins of fragments.
    pub fn max_message(&self) -> u64 {
        self.glances.joint.max()
    }

    /// Where the channel lies.
    pub fn location(&self) -> &Location {
        self.glances.look.segment.location()
    }

    /// A handle that ends waits of this consumer from another thread or a signal handler. A call that does not have
    /// to wait does not see it ([`Stopper`]).
    pub fn stopper(&self) -> Stopper {
        self.glances.look.stop().stopper()
    }
}

// Not derived: that would ask for the format to be `Debug`.
impl<F: Format> fmt::Debug for MessageLossyConsumer<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageLossyConsumer")
            .field("sequence", &self.sequence())
            .field("capacity", &self.capacity())
            .finish_non_exhaustive()
    }
}

forms! {
    impl[F: Format] MessageLossyConsumer<F>;
    blocking(RecvError, "[`RecvError`]: messages were missed, one cannot be read, the producer died, or the wait was stopped.");
    now(TryRecvError, "[`TryRecvError::Empty`] if there is no whole message at the moment.");
    timed(RecvTimeoutError, "[`RecvTimeoutError::TimedOut`] if nothing came in time.");

    /// A copy of the next message. `None` once the channel is closed and drained.
    message: recv, try_recv, recv_timeout, recv_deadline() -> Option<LossyMessage<'_, F>>;

    /// Hands copies of all messages that are there to `each`, in order, at least one and at most a ring full, and returns how
    /// many; 0 once the channel is closed and drained. Ends where messages were missed or one cannot be read; the next call
    /// says so.
    all: drain, try_drain, drain_timeout, drain_deadline(each: impl FnMut(F::Ref<'_>, MessageMeta)) -> u64;

    /// Like [`drain`](Self::drain), until `each` breaks; the message it broke at counts as received.
    all_while: drain_while, try_drain_while, drain_while_timeout, drain_while_deadline
        (each: impl FnMut(F::Ref<'_>, MessageMeta) -> ControlFlow<()>) -> u64;
}
