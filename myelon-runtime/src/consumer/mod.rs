//! A reliable consumer's end of a raw channel: look, lend, release.
//!
//! [`Consumer`] is what the generated type of a channel dereferences to. The hot path is in this file; every
//! form of receiving is in [`receive`], guards in [`lease`] and [`batch`], waiting and what ends a stream in
//! [`arrival`], the pace of a reader that keeps up in [`pace`].

pub(crate) mod arrival;
mod batch;
mod error;
mod lease;
mod lossy;
pub(crate) mod onlooker;
mod pace;
mod receive;
#[cfg(test)]
mod tests;

pub use batch::{Batch, BatchIter};
pub use error::{RecvError, RecvTimeoutError, TryRecvError};
pub use lease::Lease;
pub use lossy::LossyConsumer;
pub use receive::Meta;

use core::fmt;

use crate::counters::{AppTally, ConsumerCounters, Health};
use crate::event::RingEvent;
use crate::os;
use crate::ring::reader::Reader;
use crate::ring::{Discipline, Sequence};
use crate::segment::{AttachError, Leave, Segment};
use crate::wait::stopper::StopFlag;
use crate::wait::{Checked, Stopper, WaitStrategy};
use pace::Pace;

/// One of those who see every event of a raw channel.
///
/// Events are lent where they lie in the ring, and released when the lease, batch or drain ends; until then the
/// producer cannot write over them. A lease that is forgotten is released by the next call that receives.
///
/// # When it ends
/// - drop or [`close`](Self::close): leaves for good; the producer stops waiting for it.
/// - [`detach`](Self::detach): leaves, and its place is remembered as long as the ring holds it; it does not
///   hold the producer back meanwhile.
/// - drop while panicking, or death of the process: its place is kept as the channel's
///   [`OnConsumerDeath`](crate::liveness::OnConsumerDeath) says; the same id resumes there. At most the lease
///   or batch in hand is seen twice.
///
/// # Fork
/// In a forked child every call that can fail returns [`RecvError::Forked`]. A lease or batch that is held across
/// the fork must not be read in the child: the ring is not mapped there.
pub struct Consumer<E: RingEvent, D: Discipline> {
    pub(crate) reader: Reader<E, D>,
    /// Events that are lent and not yet released.
    lent: u64,
    /// The fork generation of the process that built this end.
    generation: u32,
    pace: Pace,
    wait: WaitStrategy,
    /// The last producer whose death was reported.
    mourned: Option<u64>,
    checked: Checked,
    pub(crate) counters: ConsumerCounters,
    // Dropped before the segment: it points into its mapping.
    stop: StopFlag,
    pub(crate) segment: Segment,
}

impl<E: RingEvent, D: Discipline> Consumer<E, D> {
    /// Over a segment that the caller joined (L4, R6).
    pub(crate) fn new(reader: Reader<E, D>, segment: Segment, wait: WaitStrategy) -> Self {
        // SAFETY: (1) the flag is dropped before the segment unmaps (order of the fields).
        let stop = unsafe { StopFlag::new(segment.data_wait()) };
        let counters = ConsumerCounters::of(&segment, reader.entry());
        let generation = os::fork::generation();
        Self {
            reader,
            lent: 0,
            generation,
            pace: Pace::default(),
            wait,
            mourned: None,
            checked: Checked::default(),
            counters,
            stop,
            segment,
        }
    }

    /// Whether at least one event is known to be there, without waiting and without system calls.
    #[inline(always)]
    pub(crate) fn ready(&mut self) -> bool {
        if self.generation != os::fork::generation() {
            return false;
        }
        if self.lent != 0 {
            self.release_forgotten();
        }
        // What is corrupt is told by the slow path, which looks again.
        self.reader.known() != 0 || self.pace.look(&mut self.reader).unwrap_or(false)
    }

    /// Gives back what a lease or batch that was forgotten held.
    #[cold]
    #[inline(never)]
    fn release_forgotten(&mut self) {
        self.release(self.lent);
    }

    /// Gives the first `count` lent events back to the producer and wakes it if it waits for that.
    #[inline(always)]
    fn release(&mut self, count: u64) {
        self.lent -= count;
        self.reader.pass(count);
        self.settle();
    }

    /// Whether this is the process that built this end, and no child of it.
    #[inline(always)]
    pub(crate) fn is_ours(&self) -> bool {
        self.generation == os::fork::generation()
    }

    /// Leaves as if its process had died: its place is kept.
    pub(crate) fn abandon(mut self) {
        self.leave(Leave::Die);
    }

    /// Gives everything that was passed back to the producer and wakes it if it waits for that.
    #[inline(always)]
    pub(crate) fn settle(&mut self) {
        crate::sync::point!("settle: read");
        self.reader.settle();
        crate::sync::point!("settle: cursor");
        if self.segment.room_wait().notify_reached(self.reader.next()) {
            self.counters.wakes.add(1);
        }
    }

    /// The sequence of the next event.
    #[inline]
    pub fn sequence(&self) -> Sequence {
        self.reader.next() + self.lent
    }

    /// How many events are published and not yet released by this consumer.
    pub fn lag(&self) -> u64 {
        self.segment.published().saturating_sub(self.reader.next())
    }

    /// How many events the ring holds.
    #[inline]
    pub fn capacity(&self) -> u64 {
        self.reader.ring().capacity()
    }

    /// How many events the producer could publish before this consumer would hold it back.
    pub fn free_slots(&self) -> u64 {
        self.capacity().saturating_sub(self.lag())
    }

    /// The id that this consumer attached with.
    pub fn id(&self) -> String {
        self.segment.consumer_identity(self.reader.entry()).id
    }

    /// How the segment was placed in memory: what was asked for and what the system gave.
    pub fn placement(&self) -> crate::segment::PlacementReport {
        self.segment.placement()
    }

    /// How the channel is: everybody who takes part, who holds it up, and what happened last. Asks the kernel for each: not
    /// for the hot path.
    ///
    /// # Errors
    /// [`AttachError::Unreadable`] if somebody wrote over the head of the segment; in a forked child always some error.
    pub fn health(&self) -> Result<Health, AttachError> {
        Health::of(&self.segment)
    }

    /// A counter of the application's own, which every tool that looks at the channel shows: the one of that
    /// label, or a new one. A label is cut to 24 bytes. `None` if it is empty, or if 16 others are in use.
    pub fn counter(&mut self, label: &str) -> Option<AppTally<'_>> {
        self.counters.app(label)
    }

    /// Where the channel lies.
    pub fn location(&self) -> &crate::location::Location {
        self.segment.location()
    }

    /// A handle that ends waits of this consumer from another thread or a signal handler. A call that does not have
    /// to wait does not see it ([`Stopper`]).
    pub fn stopper(&self) -> Stopper {
        self.stop.stopper()
    }

    /// Leaves for good: the producer stops waiting for this consumer. The same as drop.
    pub fn close(mut self) {
        self.leave(Leave::Forget);
    }

    /// Leaves, and remembers the place: the same id resumes there if the ring still holds it. Does not hold the
    /// producer back meanwhile.
    pub fn detach(mut self) {
        self.leave(Leave::Detach);
    }

    fn leave(&mut self, how: Leave) {
        if !self.segment.end_once() || self.generation != os::fork::generation() {
            return;
        }
        if self.lent != 0 && how != Leave::Die {
            self.release(self.lent);
        }
        crate::sync::point!("leave: released");
        self.segment.leave(self.reader.entry(), how);
        crate::sync::point!("leave: done");
        // Whoever waits for room looks again: this consumer is not in the way any more.
        self.segment.room_wait().notify();
    }
}

// Not derived: that would ask for `E: Debug`, and ends are `Debug` for every event.
impl<E: RingEvent, D: Discipline> fmt::Debug for Consumer<E, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consumer")
            .field("event", &E::SCHEMA.name)
            .field("sequence", &self.sequence())
            .field("capacity", &self.capacity())
            .finish_non_exhaustive()
    }
}

impl<E: RingEvent, D: Discipline> Drop for Consumer<E, D> {
    fn drop(&mut self) {
        self.leave(if std::thread::panicking() { Leave::Die } else { Leave::Forget });
    }
}
