//! Several events, lent where they lie.

use core::fmt;

use super::Consumer;
use crate::event::RingEvent;
use crate::ring::{Dense, Discipline, Sequence};

/// Events that were there at one moment, lent until this is dropped. Then those that were yielded go back to the
/// producer; the others are received again.
///
/// Iterate over `&mut batch`; the items borrow the batch.
pub struct Batch<'a, E: RingEvent, D: Discipline> {
    consumer: &'a mut Consumer<E, D>,
    len: u64,
    yielded: u64,
}

impl<'a, E: RingEvent, D: Discipline> Batch<'a, E, D> {
    /// # Safety
    /// 1. `len <= reader.known()`, those events are valid, and nothing is lent.
    #[inline(always)]
    pub(super) unsafe fn new(consumer: &'a mut Consumer<E, D>, len: u64) -> Self {
        Self { consumer, len, yielded: 0 }
    }

    /// How many events are left to be yielded.
    #[inline]
    pub fn len(&self) -> usize {
        (self.len - self.yielded) as usize
    }

    /// Whether all were yielded.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.yielded == self.len
    }

    /// The sequence of the next event to be yielded.
    #[inline]
    pub fn sequence(&self) -> Sequence {
        self.consumer.reader.next() + self.yielded
    }

    /// Yields the next event.
    #[allow(clippy::should_implement_trait, reason = "items borrow the batch, which `Iterator` cannot say")]
    #[inline(always)]
    pub fn next(&mut self) -> Option<&E> {
        self.next_pointer().map(|event| {
            // SAFETY: see `next_pointer`; the borrow of the batch keeps it from being dropped meanwhile.
            unsafe { &*event }
        })
    }

    /// An event that is visible (R4), valid, and not written before the batch is dropped (R2, R5).
    #[inline(always)]
    fn next_pointer(&mut self) -> Option<*const E> {
        if self.yielded == self.len {
            return None;
        }
        self.consumer.reader.walk().fetch(self.consumer.reader.ring(), self.sequence());
        // SAFETY: `yielded < len <= known()`, by (1) of `new`.
        let event = unsafe { self.consumer.reader.event(self.yielded) };
        self.yielded += 1;
        // Kept with the consumer, so that a batch that is forgotten is released by the next receive.
        self.consumer.lent = self.yielded;
        Some(event.as_ptr())
    }
}

impl<E: RingEvent> Batch<'_, E, Dense> {
    /// Yields all that is left as slices: the second is empty unless the events wrap around the end of the ring.
    pub fn slices(&mut self) -> (&[E], &[E]) {
        let ring = self.consumer.reader.ring();
        let first = self.sequence();
        let left = self.len - self.yielded;
        let until_wrap = (ring.capacity() - (first & (ring.capacity() - 1))).min(left);
        let (head, tail) = (ring.cell(first).read().as_ptr(), ring.cell(first + until_wrap).read().as_ptr());
        self.yielded = self.len;
        self.consumer.lent = self.len;
        // SAFETY: dense events touch, and these `until_wrap` lie before the end of the ring; visible (R4), valid,
        // and not written before the batch is dropped (R2, R5), by (1) of `new`.
        let head = unsafe { core::slice::from_raw_parts(head, until_wrap as usize) };
        // SAFETY: the same for the rest, which begins at the start of the ring.
        let tail = unsafe { core::slice::from_raw_parts(tail, (left - until_wrap) as usize) };
        (head, tail)
    }
}

/// The events of a [`Batch`].
#[derive(Debug)]
pub struct BatchIter<'b, 'a, E: RingEvent, D: Discipline> {
    batch: &'b mut Batch<'a, E, D>,
}

impl<'b, E: RingEvent, D: Discipline> Iterator for BatchIter<'b, '_, E, D> {
    type Item = &'b E;

    #[inline(always)]
    fn next(&mut self) -> Option<&'b E> {
        self.batch.next_pointer().map(|event| {
            // SAFETY: see `next_pointer`; the batch stays borrowed, and so alive, for `'b`.
            unsafe { &*event }
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.batch.len(), Some(self.batch.len()))
    }
}

impl<E: RingEvent, D: Discipline> ExactSizeIterator for BatchIter<'_, '_, E, D> {}

#[allow(clippy::into_iter_without_iter, reason = "`iter_mut` would promise `&mut E`")]
impl<'b, 'a, E: RingEvent, D: Discipline> IntoIterator for &'b mut Batch<'a, E, D> {
    type Item = &'b E;
    type IntoIter = BatchIter<'b, 'a, E, D>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        BatchIter { batch: self }
    }
}

impl<E: RingEvent, D: Discipline> Drop for Batch<'_, E, D> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.yielded != 0 {
            self.consumer.release(self.yielded);
        }
    }
}

impl<E: RingEvent, D: Discipline> fmt::Debug for Batch<'_, E, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("sequence", &self.sequence()).field("len", &self.len()).finish()
    }
}
