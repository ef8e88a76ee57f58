//! Every form of receiving messages: lease, drain, batch, wait, into a value; each blocking, `try_`, `_timeout`, `_deadline`,
//! with the names and meaning that they have for events.

use core::fmt;
use core::marker::PhantomData;
use core::ops::{ControlFlow, Deref, DerefMut};

use super::batch::MessageBatch;
use super::consumer::{Ahead, Raw, RecordConsumer};
use super::format::{Format, Give};
use super::lease::{Guard, MessageLease, bytes, undecodable};
use super::meta::MessageMeta;
use crate::consumer::arrival::{Grace, Nothing};
use crate::consumer::{RecvError, RecvTimeoutError, TryRecvError};
use crate::ring::Sequence;
use crate::wait::patience::forms;

/// A consumer of messages of the format `F`.
///
/// Messages are lent where they lie in the ring, validated or decoded, and released when the lease, batch or drain ends;
/// until then the producer cannot write over them. A message that came in fragments is lent in memory of this process.
/// A lease that is forgotten is released by the next call that receives.
///
/// A message that cannot be read is an error of its own, [`RecvError::Undecodable`], and the next receive goes on after it.
///
/// Dereferences to the [`RecordConsumer`], which all consumers of messages have in common.
pub struct MessageConsumer<F> {
    shared: RecordConsumer,
    format: PhantomData<fn() -> F>,
}

impl<F: Format> From<RecordConsumer> for MessageConsumer<F> {
    fn from(shared: RecordConsumer) -> Self {
        Self { shared, format: PhantomData }
    }
}

// Not derived: that would ask for the format to be `Debug`.
impl<F> fmt::Debug for MessageConsumer<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shared.fmt(f)
    }
}

impl<F> Deref for MessageConsumer<F> {
    type Target = RecordConsumer;

    #[inline(always)]
    fn deref(&self) -> &RecordConsumer {
        &self.shared
    }
}

impl<F> DerefMut for MessageConsumer<F> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut RecordConsumer {
        &mut self.shared
    }
}

/// How much a drain releases at a time, in units: often enough that the producer is not kept waiting, seldom enough that
/// its line is not stored to for each message; of a small ring a sixteenth.
const RELEASE_EVERY: u64 = 1024;

/// What a drain holds of one message.
type Drained<'a, F> = (<F as Format>::Held<'a>, MessageMeta);

/// A drain, which gives back what it handed out however it ends: a message whose handler panicked is not seen again. One
/// that was not handed out, because the decoder of the next panicked, is.
struct Drain<'a> {
    consumer: &'a mut RecordConsumer,
    /// The first message, which was passed when it was received, until it is handed out.
    received: Option<Raw>,
    /// Whether the next message is being decoded while there is one in hand.
    looks_ahead: bool,
}

impl<'a> Drain<'a> {
    /// The message after that of a sequence, which ends `ahead` units after the reader, if it can be handed out; and how many
    /// units it takes, padding included.
    #[inline(always)]
    fn following<F: Format>(&mut self, ahead: u64, sequence: Sequence) -> Option<(Drained<'a, F>, u64)> {
        let Ahead { raw, units } = self.consumer.peek(ahead, sequence + 1)?;
        // SAFETY: (1) known to be whole; a drain gives back nothing that it holds.
        let held = unsafe { self.consumer.hold::<F>(&raw) }.ok()?;
        Some(((held, raw.meta), units - ahead))
    }

    /// The same while one is in hand.
    #[inline(always)]
    fn look_ahead<F: Format>(&mut self, ahead: u64, sequence: Sequence) -> Option<(Drained<'a, F>, u64)> {
        self.looks_ahead = true;
        let next = self.following::<F>(ahead, sequence);
        self.looks_ahead = false;
        next
    }
}

impl Drop for Drain<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.looks_ahead {
            self.consumer.be_wary();
        }
        match self.received.take() {
            Some(first) => self.consumer.set_ready(Some(first)),
            None => self.consumer.release(),
        }
    }
}

impl<F: Format> MessageConsumer<F> {
    /// For those who end it.
    #[doc(hidden)]
    pub fn into_shared(self) -> RecordConsumer {
        self.shared
    }

    #[inline(always)]
    fn lease<P: Grace>(&mut self, mut patience: P) -> Result<Option<MessageLease<'_, F>>, P::Error> {
        let Some(raw) = self.shared.next_raw(&mut patience)? else { return Ok(None) };
        match MessageLease::new(&mut self.shared, &raw) {
            Ok(lease) => Ok(Some(lease)),
            Err(error) => Err(Nothing::Failed(error).into()),
        }
    }

    #[inline(always)]
    fn seen<P: Grace>(&mut self, mut patience: P) -> Result<bool, P::Error> {
        self.shared.await_message(&mut patience)
    }

    #[inline(always)]
    fn batched<P: Grace>(&mut self, mut patience: P) -> Result<Option<MessageBatch<'_, F>>, P::Error> {
        let Some(first) = self.shared.next_raw(&mut patience)? else { return Ok(None) };
        match MessageBatch::new(&mut self.shared, &first) {
            Ok(batch) => Ok(Some(batch)),
            Err(error) => Err(Nothing::Failed(error).into()),
        }
    }

    #[inline(always)]
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

    #[inline(always)]
    fn all_while<P: Grace>(
        &mut self,
        mut each: impl FnMut(F::Ref<'_>, MessageMeta) -> ControlFlow<()>,
        mut patience: P,
    ) -> Result<u64, P::Error> {
        let Some(raw) = self.shared.next_raw(&mut patience)? else { return Ok(0) };
        let alone = self.shared.take_wary();
        let mut run = Drain { consumer: &mut self.shared, received: None, looks_ahead: false };
        // SAFETY: (1) it was received last, and a drain gives back nothing that it holds.
        let mut current: Drained<'_, F> = match unsafe { run.consumer.hold::<F>(&raw) } {
            Ok(held) => (held, raw.meta),
            Err(source) => {
                run.consumer.core.counters.invalid.add(1);
                return Err(Nothing::Failed(undecodable(&raw.meta, source)).into());
            }
        };
        run.received = Some(raw);
        // Units from the reader to behind the message in hand: it is passed when it is its turn.
        let mut ahead = 0;
        let mut count = 0;
        let release_every = RELEASE_EVERY.min(run.consumer.core.capacity() / 16);
        let followed = if alone { 0..0 } else { run.consumer.followed() };
        loop {
            let (held, mut meta) = current;
            // The next one first, so that this one knows whether it is the last. Where that is known without, later: a core that
            // touches lines in order fetches those that follow by itself (measured: see the benchmark).
            let goes_on = F::ANY_BYTES && followed.contains(&(run.consumer.position() + ahead));
            let mut next = if goes_on || alone { None } else { run.look_ahead::<F>(ahead, meta.sequence) };
            if count == 0 {
                run.received = None;
            } else {
                run.consumer.pass_another(ahead);
            }
            meta.end_of_batch = next.is_none() && !goes_on;
            count += 1;
            let flow = each(F::show(&held), meta);
            drop(held);
            if flow.is_break() {
                return Ok(count);
            }
            if goes_on {
                next = run.following::<F>(0, meta.sequence);
            }
            let Some((following, units)) = next else { return Ok(count) };
            if run.consumer.passed() >= release_every {
                run.consumer.settle();
            }
            ahead = units;
            current = following;
        }
    }
}

impl<F: Give> MessageConsumer<F> {
    #[inline(always)]
    fn value<P: Grace>(
        &mut self,
        value: &mut F::Owned,
        mut patience: P,
    ) -> Result<Option<MessageMeta>, P::Error> {
        let Some(raw) = self.shared.next_raw(&mut patience)? else { return Ok(None) };
        let guard = Guard(&mut self.shared);
        let trust = guard.0.trusted.in_format::<F>();
        let known = guard.0.kinds.check(raw.meta.kind, &guard.0.core.segment);
        // SAFETY: (1) it was received last, and the guard keeps it until after the call.
        let bytes = unsafe { bytes(&raw) };
        match known.and_then(|()| F::decode_into(raw.meta.kind, bytes, trust, value)) {
            Ok(()) => Ok(Some(raw.meta)),
            Err(source) => {
                guard.0.core.counters.invalid.add(1);
                Err(Nothing::Failed(undecodable(&raw.meta, source)).into())
            }
        }
    }
}

forms! {
    impl[F: Format] MessageConsumer<F>;
    blocking(RecvError, "[`RecvError`]: the producer died, a message cannot be read, or the wait was stopped.");
    now(TryRecvError, "[`TryRecvError::Empty`] if there is no whole message at the moment.");
    timed(RecvTimeoutError, "[`RecvTimeoutError::TimedOut`] if no whole message came in time.");

    /// Lends the next message. `None` once the channel is closed and drained.
    lease: recv, try_recv, recv_timeout, recv_deadline() -> Option<MessageLease<'_, F>>;

    /// Waits until a message is there: then [`try_recv`](Self::try_recv) lends it. False once the channel is closed and
    /// drained. For code that returns leases from a loop.
    seen: wait, try_wait, wait_timeout, wait_deadline() -> bool;

    /// Lends all messages that are there, at least one. `None` once the channel is closed and drained. A message that
    /// came in fragments is in a batch of its own.
    batched: batch, try_batch, batch_timeout, batch_deadline() -> Option<MessageBatch<'_, F>>;

    /// Hands all messages that are there to `each`, in order, at least one and at most a ring full, and returns how many;
    /// 0 once the channel is closed and drained. Their room is released in small runs on the way.
    all: drain, try_drain, drain_timeout, drain_deadline(each: impl FnMut(F::Ref<'_>, MessageMeta)) -> u64;

    /// Like [`drain`](Self::drain), until `each` breaks; the message it broke at counts as received.
    all_while: drain_while, try_drain_while, drain_while_timeout, drain_while_deadline
        (each: impl FnMut(F::Ref<'_>, MessageMeta) -> ControlFlow<()>) -> u64;
}

forms! {
    impl[F: Give] MessageConsumer<F>;
    blocking(RecvError, "[`RecvError`]: the producer died, a message cannot be read, or the wait was stopped.");
    now(TryRecvError, "[`TryRecvError::Empty`] if there is no whole message at the moment.");
    timed(RecvTimeoutError, "[`RecvTimeoutError::TimedOut`] if no whole message came in time.");

    /// Makes an owned value of the next message in `value`, using again what that holds, where the format can: `Vec`s of
    /// bytes and of ring events keep their memory, also in an `enum` channel's value of the same kind; rkyv, postcard and
    /// bincode replace the value; a format of your own does what its [`Codec::decode_into`](crate::codec::Codec::decode_into) or
    /// [`Restore::restore_into`](crate::codec::Restore::restore_into) says. `None` once the channel is closed and drained.
    value: recv_into, try_recv_into, recv_into_timeout, recv_into_deadline
        (value: &mut F::Owned) -> Option<MessageMeta>;
}
