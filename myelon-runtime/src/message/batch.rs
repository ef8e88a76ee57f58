//! Several messages, lent where they lie, one after the other.

use core::fmt;

use super::consumer::{Ahead, Raw, RecordConsumer};
use super::format::Format;
use super::lease::undecodable;
use super::meta::MessageMeta;
use crate::consumer::RecvError;
use crate::ring::Sequence;

/// Messages that were there at one moment. When this is dropped, those that were yielded go back to the producer; the
/// others are received again.
///
/// `while let Some(message) = batch.next()`: each message borrows the batch until the next one is asked for.
pub struct MessageBatch<'a, F: Format> {
    // Before the guard: they may refer to what that gives back.
    held: Option<F::Held<'a>>,
    first: Option<(F::Held<'a>, MessageMeta)>,
    meta: MessageMeta,
    /// How many are left to be yielded.
    left: u64,
    guard: Guard<'a>,
}

/// Gives back what was yielded when it is dropped.
struct Guard<'a>(&'a mut RecordConsumer);

impl Drop for Guard<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.give_back();
    }
}

impl<'a, F: Format> MessageBatch<'a, F> {
    /// Of the message that was received last, and those after it.
    #[inline]
    pub(super) fn new(consumer: &'a mut RecordConsumer, first: &Raw) -> Result<Self, RecvError> {
        let guard = Guard(consumer);
        // SAFETY: (1) it was received last, and the guard, which lives as long, gives nothing back before.
        let held = unsafe { guard.0.hold::<F>(first) }.map_err(|source| {
            guard.0.core.counters.invalid.add(1);
            undecodable(&first.meta, source)
        })?;
        let mut left = 1;
        let mut ahead = 0;
        // One that was joined lies where the next one would be joined.
        while let Some(next) =
            guard.0.peek(ahead, first.meta.sequence + left).filter(|_| !first.meta.reassembled)
        {
            ahead = next.units;
            left += 1;
        }
        // Until it is yielded it is one that was waited for, and no more.
        guard.0.set_ready(Some(*first));
        Ok(Self { held: None, first: Some((held, first.meta)), meta: first.meta, left, guard })
    }

    /// How many messages are left to be yielded. One that cannot be read ends the batch early.
    #[inline]
    pub fn len(&self) -> usize {
        self.left as usize
    }

    /// Whether all were yielded.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.left == 0
    }

    /// The sequence of the next message to be yielded.
    #[inline]
    pub fn sequence(&self) -> Sequence {
        self.meta.sequence + u64::from(self.first.is_none())
    }

    /// What is known of the message that was yielded last, or of the first one before any was.
    #[inline]
    pub fn meta(&self) -> MessageMeta {
        MessageMeta { end_of_batch: self.left == 0, ..self.meta }
    }

    /// Yields the next message. One that cannot be read ends the batch, and the next receive tells.
    #[allow(clippy::should_implement_trait, reason = "items borrow the batch, which `Iterator` cannot say")]
    #[inline]
    pub fn next(&mut self) -> Option<F::Ref<'_>> {
        self.next_with_meta().map(|(message, _)| message)
    }

    /// The same, with what is known beside the payload: for those who need its kind to read it.
    #[inline]
    pub fn next_with_meta(&mut self) -> Option<(F::Ref<'_>, MessageMeta)> {
        // What it refers to stays until the batch is dropped; but nobody shows it any more.
        self.held = None;
        if self.left == 0 {
            return None;
        }
        let next = match self.first.take() {
            Some(first) => {
                self.guard.0.set_ready(None);
                Some(first)
            }
            None => self.following(),
        };
        let Some((held, meta)) = next else {
            self.left = 0;
            return None;
        };
        self.left -= 1;
        self.meta = meta;
        let meta = self.meta();
        Some((F::show(self.held.insert(held)), meta))
    }

    fn following(&mut self) -> Option<(F::Held<'a>, MessageMeta)> {
        let Ahead { raw, units } = self.guard.0.peek(0, self.meta.sequence + 1)?;
        // SAFETY: (1) known to be whole, and the guard, which lives as long, gives nothing back before.
        let held = unsafe { self.guard.0.hold::<F>(&raw) }.ok()?;
        self.guard.0.pass(units);
        Some((held, raw.meta))
    }
}

impl<F: Format> fmt::Debug for MessageBatch<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageBatch")
            .field("sequence", &self.sequence())
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}
