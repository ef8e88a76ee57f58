//! Every form of publishing a message: by reference, slice, batch, in place, claim; each blocking, `try_`, `_timeout`,
//! `_deadline`, with the names and meaning that they have for events.

use core::borrow::Borrow;
use core::fmt;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};

use super::claim::MessageClaim;
use super::format::{Encode, InPlace, Lane};
use super::producer::RecordProducer;
use crate::codec::Bytes;
use crate::producer::room::Grace;
use crate::producer::{PublishError, PublishTimeoutError, SliceError, TryPublishError};
use crate::ring::Sequence;
use crate::wait::patience::forms;

/// The kind of a framed channel, where the program says the kind of each message itself.
pub const ANY_KIND: u16 = u16::MAX;

/// What a framed channel carries, `struct Log([u8])`: bytes, and beside them a kind that means what the program wants.
pub type Frames = InPlace<[u8], Bytes, ANY_KIND>;

/// The producer of one kind of message, `L`: of a channel that carries nothing else, or of one lane of an `enum` channel.
///
/// Dereferences to the [`RecordProducer`] that all lanes share.
///
/// A message of at most [`max_record`](RecordProducer::max_record) bytes becomes visible as a whole when the call returns.
/// A longer one goes in piece by piece while consumers read, so that it may be larger than the ring; if that stops
/// half-way, by an error or a death, consumers drop what there is and are told.
#[repr(transparent)]
pub struct MessageProducer<L> {
    shared: RecordProducer,
    lane: PhantomData<fn() -> L>,
}

impl<L: Lane> From<RecordProducer> for MessageProducer<L> {
    fn from(shared: RecordProducer) -> Self {
        Self { shared, lane: PhantomData }
    }
}

impl RecordProducer {
    /// For those who end it.
    #[doc(hidden)]
    #[must_use]
    pub fn into_shared(self) -> Self {
        self
    }

    /// This producer, for one kind of message.
    #[inline]
    #[doc(hidden)]
    pub fn lane<L: Lane>(&mut self) -> &mut MessageProducer<L> {
        let this: *mut Self = self;
        // SAFETY: `MessageProducer` is this very type in memory (`repr(transparent)`), and borrowed as `self` is.
        unsafe { &mut *this.cast::<MessageProducer<L>>() }
    }
}

impl<L> MessageProducer<L> {
    /// For those who end it.
    #[doc(hidden)]
    pub fn into_shared(self) -> RecordProducer {
        self.shared
    }
}

// Not derived: that would ask for the format to be `Debug`.
impl<L> fmt::Debug for MessageProducer<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shared.fmt(f)
    }
}

impl<L> Deref for MessageProducer<L> {
    type Target = RecordProducer;

    #[inline(always)]
    fn deref(&self) -> &RecordProducer {
        &self.shared
    }
}

impl<L> DerefMut for MessageProducer<L> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut RecordProducer {
        &mut self.shared
    }
}

impl<L: Lane> MessageProducer<L> {
    /// Publishes the message that was written, if it was.
    #[inline(always)]
    pub(super) fn publish_one<E>(&mut self, put: Result<(), E>) -> Result<Sequence, E> {
        put?;
        crate::sync::point!("message: whole");
        self.shared.flush();
        Ok(self.shared.number - 1)
    }
}

impl<L: Encode> MessageProducer<L> {
    #[inline(always)]
    fn value<P: Grace>(&mut self, message: &L::Item, mut patience: P) -> Result<Sequence, P::Error> {
        if let Some(bytes) = L::as_bytes(message) {
            return self.bytes(L::SENT_AS, bytes, patience);
        }
        let put = self.shared.put_item::<L, P>(message, true, &mut patience);
        self.publish_one(put)
    }

    #[inline(always)]
    fn bytes<P: Grace>(&mut self, kind: u16, bytes: &[u8], patience: P) -> Result<Sequence, P::Error> {
        if self.shared.publish_at_once(kind, bytes) {
            return Ok(self.shared.number - 1);
        }
        self.bytes_in_steps(kind, bytes, patience)
    }

    /// Publishes bytes that need more than a copy, as all do with `timestamps`. Not inlined, so that what it keeps in registers
    /// costs nobody else.
    #[inline(never)]
    fn bytes_in_steps<P: Grace>(
        &mut self,
        kind: u16,
        bytes: &[u8],
        mut patience: P,
    ) -> Result<Sequence, P::Error> {
        let put = self.shared.put_bytes(kind, bytes, &mut patience);
        self.publish_one(put)
    }

    #[inline(always)]
    fn many<P: Grace, B: Borrow<L::Item>>(
        &mut self,
        messages: impl Iterator<Item = B>,
        mut patience: P,
    ) -> Result<Sequence, SliceError<P::Error>> {
        let run = Run(&mut self.shared);
        let first = run.0.number;
        let mut outcome = Ok(first);
        for (published, message) in (0..).zip(messages) {
            if let Err(source) = run.0.put_item::<L, P>(message.borrow(), false, &mut patience) {
                outcome = Err(SliceError { published, source });
                break;
            }
        }
        run.0.flush();
        outcome
    }

    #[inline(always)]
    fn slice<P: Grace>(
        &mut self,
        messages: &[impl Borrow<L::Item>],
        patience: P,
    ) -> Result<Sequence, SliceError<P::Error>> {
        self.many(messages.iter().map(Borrow::<L::Item>::borrow), patience)
    }

    #[inline(always)]
    fn batch<P: Grace, B: Borrow<L::Item>>(
        &mut self,
        count: usize,
        make: impl FnMut(usize) -> B,
        patience: P,
    ) -> Result<Sequence, SliceError<P::Error>> {
        self.many((0..count).map(make), patience)
    }
}

/// A run of messages that is being filled by code of the caller's: if that panics, none of the run goes out.
pub(super) struct Run<'a>(pub(super) &'a mut RecordProducer);

impl Drop for Run<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.0.pending != 0 {
            self.0.discard();
        }
    }
}

impl<const KIND: u16> MessageProducer<InPlace<[u8], Bytes, KIND>> {
    const SENT_AS: u16 = <InPlace<[u8], Bytes, KIND> as Lane>::SENT_AS;

    #[inline(always)]
    fn in_place<P: Grace>(
        &mut self,
        len: usize,
        write: impl FnOnce(&mut [u8]),
        mut patience: P,
    ) -> Result<Sequence, P::Error> {
        if let Some((slot, units)) = self.shared.begin_at_once(Self::SENT_AS, len) {
            write(self.shared.payload(slot));
            crate::sync::point!("record: filled");
            // SAFETY: (1) `begin_at_once` found them free, with nothing pending, and wrote the header.
            unsafe { self.shared.send(units) };
            return Ok(self.shared.number - 1);
        }
        let put = self.shared.put_with(Self::SENT_AS, len, write, &mut patience);
        self.publish_one(put)
    }

    #[inline(always)]
    fn claimed<P: Grace>(
        &mut self,
        max: usize,
        mut patience: P,
    ) -> Result<MessageClaim<'_, InPlace<[u8], Bytes, KIND>>, P::Error> {
        MessageClaim::new(&mut self.shared, Self::SENT_AS, max, &mut patience)
    }
}

impl MessageProducer<Frames> {
    #[inline(always)]
    fn of_kind<P: Grace>(&mut self, kind: u16, message: &[u8], patience: P) -> Result<Sequence, P::Error> {
        self.bytes(kind, message, patience)
    }
}

forms! {
    impl[L: Encode] MessageProducer<L>;
    blocking(PublishError, "[`PublishError`]: too long, not to be encoded, or the wait for room could not go on.");
    now(
        TryPublishError,
        "[`TryPublishError::Full`] if there is no room at the moment, for all of it: with a consumer attached, never for a \
         message longer than the ring."
    );
    timed(PublishTimeoutError, "[`PublishTimeoutError::TimedOut`] names the consumer that was in the way.");

    /// Publishes one message and returns its sequence: encodes it straight into the ring. Waits, as the channel's wait
    /// strategy says, while the slowest consumer leaves no room.
    ///
    /// If the encoder fails or panics, nothing is published and nothing is harmed.
    value: publish, try_publish, publish_timeout, publish_deadline(message: &L::Item) -> Sequence;

    /// Publishes all of `messages` and returns the sequence of the first; nothing happens if there are none.
    ///
    /// They go in as room appears, in runs of at most a quarter of the ring; a run becomes visible as a whole. When it
    /// fails, [`SliceError::published`] says how many went in.
    slice: publish_slice, try_publish_slice, publish_slice_timeout, publish_slice_deadline
        (messages: &[impl Borrow<L::Item>]) -> Sequence, wrapped in SliceError;
}

/// Batches name the type that is made, which the forms above cannot.
macro_rules! batches {
    ($($(#[doc = $doc:literal])* $name:ident, $error:ty, $patience:expr $(, $arg:ident: $ty:ty)?;)*) => {
        impl<L: Encode> MessageProducer<L> {$(
            $(#[doc = $doc])*
            #[inline]
            pub fn $name<B: Borrow<L::Item>>(
                &mut self,
                count: usize,
                make: impl FnMut(usize) -> B,
                $($arg: $ty,)?
            ) -> Result<Sequence, SliceError<$error>> {
                self.batch(count, make, $patience)
            }
        )*}
    };
}

batches! {
    /// Publishes `count` messages that `make` makes, and returns the sequence of the first. `make` gets the index in the
    /// batch.
    ///
    /// They go in like a slice does. If `make` panics, the run it was filling is not published; earlier runs are.
    ///
    /// # Errors
    /// [`PublishError`]: too long, not to be encoded, or the wait for room could not go on.
    publish_batch, PublishError, crate::wait::patience::Forever;

    /// Like [`publish_batch`](Self::publish_batch), without waiting.
    ///
    /// # Errors
    /// [`TryPublishError::Full`] if there is no room at the moment.
    try_publish_batch, TryPublishError, crate::wait::patience::Now;

    /// Like [`publish_batch`](Self::publish_batch), waiting at most `timeout`.
    ///
    /// # Errors
    /// [`PublishTimeoutError::TimedOut`] names the consumer that was in the way.
    publish_batch_timeout, PublishTimeoutError, crate::wait::patience::Within::new(timeout),
        timeout: core::time::Duration;

    /// Like [`publish_batch`](Self::publish_batch), waiting at most until `deadline`.
    ///
    /// # Errors
    /// [`PublishTimeoutError::TimedOut`] names the consumer that was in the way.
    publish_batch_deadline, PublishTimeoutError, crate::wait::patience::By(deadline), deadline: std::time::Instant;
}

forms! {
    impl[const KIND: u16] MessageProducer<InPlace<[u8], Bytes, KIND>>;
    blocking(PublishError, "[`PublishError`]: too long, or the wait for room could not go on.");
    now(
        TryPublishError,
        "[`TryPublishError::Full`] if there is no room at the moment, for all of it: with a consumer attached, never for a \
         message longer than the ring."
    );
    timed(PublishTimeoutError, "[`PublishTimeoutError::TimedOut`] names the consumer that was in the way.");

    /// Publishes one message of `len` bytes that `write` fills in place, and returns its sequence. What is there on entry
    /// is anything. If `write` panics, nothing is published and nothing is harmed.
    ///
    /// A message that is longer than a record is filled in memory of this process and then copied.
    in_place: publish_with, try_publish_with, publish_with_timeout, publish_with_deadline
        (len: usize, write: impl FnOnce(&mut [u8])) -> Sequence;

    /// Claims room for a message of at most `max` bytes in the ring, to be written and then published with
    /// [`MessageClaim::commit`]. A claim that is dropped publishes nothing.
    ///
    /// A claim is in one piece, so it has at most [`max_record`](RecordProducer::max_record) bytes.
    claimed: claim, try_claim, claim_timeout, claim_deadline(max: usize) -> MessageClaim<'_, InPlace<[u8], Bytes, KIND>>;
}

forms! {
    impl[] MessageProducer<Frames>;
    blocking(PublishError, "[`PublishError`]: too long, or the wait for room could not go on.");
    now(
        TryPublishError,
        "[`TryPublishError::Full`] if there is no room at the moment, for all of it: with a consumer attached, never for a \
         message longer than the ring."
    );
    timed(PublishTimeoutError, "[`PublishTimeoutError::TimedOut`] names the consumer that was in the way.");

    /// Publishes one message with a kind, which consumers find in [`MessageMeta::kind`](super::MessageMeta::kind) and the
    /// library does not look at; without one it is 0.
    of_kind: publish_kind, try_publish_kind, publish_kind_timeout, publish_kind_deadline
        (kind: u16, message: &[u8]) -> Sequence;
}
