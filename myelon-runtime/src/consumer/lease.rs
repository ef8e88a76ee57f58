//! One event, lent where it lies.

use core::fmt;
use core::ops::Deref;

use super::Consumer;
use crate::event::RingEvent;
use crate::ring::{Discipline, Sequence};

/// One event in the ring, lent until this is dropped; then its slot goes back to the producer.
///
/// Dereferences to the event. `*lease` copies it out. While a lease lives the producer can publish at most one
/// ring beyond it.
#[must_use = "dropping a lease releases the event; use `*lease` to copy it out"]
pub struct Lease<'a, E: RingEvent, D: Discipline> {
    consumer: &'a mut Consumer<E, D>,
    event: *const E,
}

impl<'a, E: RingEvent, D: Discipline> Lease<'a, E, D> {
    /// Lends the next event, which is known to be there and valid.
    ///
    /// # Safety
    /// 1. `reader.known() > 0`, nothing is lent, and the event is a valid `E`.
    #[inline(always)]
    pub(super) unsafe fn new(consumer: &'a mut Consumer<E, D>) -> Self {
        // SAFETY: by (1) one event is known to be visible.
        let event = unsafe { consumer.reader.event(0) }.as_ptr();
        consumer.reader.walk().fetch(consumer.reader.ring(), consumer.reader.next());
        consumer.lent = 1;
        Self { consumer, event }
    }

    /// The event's sequence.
    #[inline]
    pub fn sequence(&self) -> Sequence {
        self.consumer.reader.next()
    }

    /// How many events are published after this one and not yet received.
    pub fn behind(&self) -> u64 {
        self.consumer.lag().saturating_sub(1)
    }
}

impl<E: RingEvent, D: Discipline> Deref for Lease<'_, E, D> {
    type Target = E;

    #[inline(always)]
    fn deref(&self) -> &E {
        // SAFETY: the event was seen to be visible (R4) and valid (`new`), and its slot is not written while
        // this consumer's cursor stands at or below it (R2, R5): the cursor moves when the lease is dropped or
        // when the consumer is used again, which the borrow of the consumer excludes.
        unsafe { &*self.event }
    }
}

impl<E: RingEvent, D: Discipline> Drop for Lease<'_, E, D> {
    #[inline(always)]
    fn drop(&mut self) {
        self.consumer.release(1);
    }
}

impl<E: RingEvent + fmt::Debug, D: Discipline> fmt::Debug for Lease<'_, E, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").field("sequence", &self.sequence()).field("event", &**self).finish()
    }
}
