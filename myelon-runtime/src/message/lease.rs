//! One message, lent where it lies.

use core::fmt;
use core::ops::Deref;

use super::consumer::{Raw, RecordConsumer};
use super::format::{Format, Give, GiveCopy, Single};
use super::meta::MessageMeta;
use crate::codec::DecodeError;
use crate::consumer::RecvError;
use crate::ring::Sequence;

/// One message, lent until this is dropped; then its room in the ring goes back to the producer.
///
/// [`get`](Self::get) shows it: validated, in place, or decoded. A lease of a channel with one kind of message
/// dereferences to it as well. While a lease lives the producer can publish at most a ring beyond it.
#[must_use = "dropping a lease releases the message"]
pub struct MessageLease<'a, F: Format> {
    // Before the guard: it may refer to what that gives back.
    held: F::Held<'a>,
    meta: MessageMeta,
    len: usize,
    guard: Guard<'a>,
}

/// Gives a message back when it is dropped.
pub(super) struct Guard<'a>(pub(super) &'a mut RecordConsumer);

impl Drop for Guard<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.0.release();
    }
}

/// The bytes of a message.
///
/// # Safety
/// 1. The message was shown to this consumer as whole (R4), and is not given back, nor anything else received, before the
///    borrow ends (R5).
#[inline(always)]
pub(super) unsafe fn bytes<'a>(raw: &Raw) -> &'a [u8] {
    // SAFETY: by (1): in one piece, in the ring, where nobody writes it (R2), or in this consumer's own memory.
    unsafe { core::slice::from_raw_parts(raw.at.as_ptr(), raw.len) }
}

impl RecordConsumer {
    /// Validates or decodes a message.
    ///
    /// # Safety
    /// 1. As for [`bytes`].
    #[inline(always)]
    pub(super) unsafe fn hold<'a, F: Format>(&mut self, raw: &Raw) -> Result<F::Held<'a>, DecodeError> {
        self.kinds.check(raw.meta.kind, &self.core.segment)?;
        // SAFETY: (1) of this function.
        F::hold(raw.meta.kind, unsafe { bytes(raw) }, self.trusted.in_format::<F>())
    }
}

/// The format's refusal of a message.
#[cold]
pub(super) fn undecodable(meta: &MessageMeta, source: DecodeError) -> RecvError {
    RecvError::Undecodable { sequence: meta.sequence, kind: meta.kind, source }
}

impl<'a, F: Format> MessageLease<'a, F> {
    /// Validates or decodes the message that was received last. If that fails, its room goes back at once.
    #[inline(always)]
    pub(super) fn new(consumer: &'a mut RecordConsumer, raw: &Raw) -> Result<Self, RecvError> {
        let guard = Guard(consumer);
        // SAFETY: (1) it was received last, and the guard, which lives as long, keeps the consumer from going on.
        match unsafe { guard.0.hold::<F>(raw) } {
            Ok(held) => Ok(Self { held, meta: raw.meta, len: raw.len, guard }),
            Err(source) => {
                guard.0.core.counters.invalid.add(1);
                Err(undecodable(&raw.meta, source))
            }
        }
    }

    /// The message.
    #[inline(always)]
    pub fn get(&self) -> F::Ref<'_> {
        F::show(&self.held)
    }

    /// Its number in the channel.
    #[inline]
    pub fn sequence(&self) -> Sequence {
        self.meta.sequence
    }

    /// How many messages are published after this one and not yet received.
    pub fn behind(&self) -> u64 {
        self.guard.0.core.segment.messages().saturating_sub(self.meta.sequence + 1)
    }

    /// What is known beside the payload.
    #[inline]
    pub fn meta(&self) -> MessageMeta {
        self.meta
    }

    /// Bytes of the payload, as it travelled.
    #[inline]
    pub fn encoded_len(&self) -> usize {
        self.len
    }

    /// Releases the message and keeps an owned value of it.
    ///
    /// # Errors
    /// [`RecvError::Undecodable`] if the format can only tell now that there is none.
    pub fn into_owned(self) -> Result<F::Owned, RecvError>
    where
        F: Give,
    {
        let Self { held, meta, guard, .. } = self;
        let owned = F::give(held).map_err(|source| undecodable(&meta, source));
        drop(guard);
        owned
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

impl<F: Single> Deref for MessageLease<'_, F> {
    type Target = F::Target;

    #[inline(always)]
    fn deref(&self) -> &F::Target {
        F::target(&self.held)
    }
}

// Not derived: that would ask for what is held to be `Debug`.
impl<F: Format> fmt::Debug for MessageLease<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageLease").field("meta", &self.meta).finish_non_exhaustive()
    }
}
