//! The producer's end of a raw channel: claim, write, publish.
//!
//! [`Producer`] is what the generated type of a channel dereferences to. The hot path is in this file; every
//! form of publishing is in [`publish`], guards in [`claim`], waiting for room in [`room`], looking after those who are in
//! the way meanwhile in [`tend`], questions about consumers in [`follow`].

mod claim;
mod error;
mod follow;
mod publish;
pub(crate) mod room;
mod tend;
#[cfg(test)]
mod tests;

pub use claim::{Claim, UninitClaim};
pub use error::{
    Blocker, Full, PublishError, PublishTimeoutError, SliceError, TryPublishError, WaitConsumersError,
};

use core::fmt;

use crate::counters::{AppTally, ProducerCounters};
use crate::event::RingEvent;
use crate::lifecycle::LifecycleEvent;
use crate::liveness::{Alert, Lost, Watch};
use crate::os;
use crate::ring::publisher::Publisher;
use crate::ring::{Discipline, Sequence};
use crate::segment::Segment;
use crate::sync::AtomicU64;
use crate::wait::stopper::StopFlag;
use crate::wait::{Checked, Stopper, WaitStrategy};
use room::Grace;

/// The one that publishes events of a raw channel.
///
/// Every attached consumer sees every event, in order; the slowest one holds the producer back once it is a
/// whole ring behind. Events become visible when a call that publishes returns, or at the latest then.
///
/// # When it ends
/// - [`close`](Self::close) or drop: consumers drain what is there and then see the end of the stream.
/// - [`detach`](Self::detach): the stream stays open for a successor that goes on in sequence.
/// - a required consumer is lost and its policy is to shut down: the same, and whoever drains the stream is told why; so is
///   every publish from then on.
/// - drop while panicking, or death of the process: consumers learn that the producer died. The next
///   `create` of the channel goes on in sequence.
///
/// # Fork
/// In a forked child every call that can fail returns [`PublishError::Forked`], the others see a ring without
/// consumers, and the parent's end is not disturbed. A claim that is held across the fork must not be used in the
/// child: the ring is not mapped there.
pub struct Producer<E: RingEvent, D: Discipline> {
    pub(crate) publisher: Publisher<E, D>,
    /// The fork generation of the process that built this end.
    generation: u32,
    pub(crate) wait: WaitStrategy,
    watch: Watch,
    on_alert: Option<AlertCall>,
    /// The required consumer that ended the stream.
    lost: Option<Box<Lost>>,
    pub(crate) checked: Checked,
    pub(crate) counters: ProducerCounters,
    // Dropped before the segment: it points into its mapping.
    stop: StopFlag,
    pub(crate) segment: Segment,
}

/// What the application does with alerts.
pub(crate) struct AlertCall(Box<dyn FnMut(&Alert) + Send>);

impl AlertCall {
    pub(crate) fn new(call: impl FnMut(&Alert) + Send + 'static) -> Self {
        Self(Box::new(call))
    }

    fn call(&mut self, alert: &Alert) {
        (self.0)(alert);
    }
}

impl fmt::Debug for AlertCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AlertCall")
    }
}

/// How a producer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Close,
    Detach,
    Die,
}

impl<E: RingEvent, D: Discipline> Producer<E, D> {
    /// Over a segment whose producer's lock the caller took, with the ring taken over (R9).
    pub(crate) fn new(
        publisher: Publisher<E, D>,
        segment: Segment,
        wait: WaitStrategy,
        watch: Watch,
        on_alert: Option<AlertCall>,
    ) -> Self {
        // SAFETY: (1) the flag is dropped before the segment unmaps (order of the fields).
        let stop = unsafe { StopFlag::new(segment.room_wait()) };
        let counters = ProducerCounters::of(&segment);
        Self {
            publisher,
            generation: os::fork::generation(),
            wait,
            watch,
            on_alert,
            lost: None,
            checked: Checked::default(),
            counters,
            stop,
            segment,
        }
    }

    /// Makes sure that `count` slots may be written; `count` is at most the quantum.
    #[inline(always)]
    fn reserve<P: Grace>(&mut self, count: u64, patience: &mut P) -> Result<(), P::Error> {
        if self.has_room(count) {
            return Ok(());
        }
        self.reserve_slow(count, patience.limit()).map_err(P::Error::from)
    }

    /// Whether `count` slots may be written without another look at the consumers.
    #[inline(always)]
    pub(crate) fn has_room(&self, count: u64) -> bool {
        count <= self.publisher.room() && self.is_ours()
    }

    /// Whether this is the process that built this end, and no child of it.
    #[inline(always)]
    pub(crate) fn is_ours(&self) -> bool {
        self.generation == os::fork::generation()
    }

    /// The consumer that held this producer back at the last look: its entry and its cursor.
    pub(crate) fn gating_cursor(&self) -> Option<(u32, &AtomicU64)> {
        let entry = self.watch.gate().entry?;
        Some((entry, self.publisher.ring().cursor(entry)?))
    }

    /// Makes `count` written slots visible and wakes who sleeps.
    ///
    /// # Safety
    /// 1. `reserve(count)` succeeded since the last publish and those slots are written with valid events.
    #[inline(always)]
    unsafe fn commit(&mut self, count: u64) -> Sequence {
        // SAFETY: by (1).
        unsafe { self.commit_and(count, |publisher| publisher.fetch(0)) }
    }

    /// The same; `fetch` asks for the lines that will be written soon. After the news is out: before, its own lines would
    /// have to wait for these.
    ///
    /// # Safety
    /// 1. As for [`commit`](Self::commit).
    #[inline(always)]
    pub(crate) unsafe fn commit_and(&mut self, count: u64, fetch: impl FnOnce(&Publisher<E, D>)) -> Sequence {
        // SAFETY: by (1).
        let first = unsafe { self.publisher.publish(count) };
        crate::sync::point!("publish: shown");
        fetch(&self.publisher);
        if self.segment.data_wait().notify() {
            self.counters.wakes.add(1);
        }
        first
    }

    /// The sequence that the next event gets; also how many events this channel has carried.
    #[inline]
    pub fn sequence(&self) -> Sequence {
        self.publisher.next()
    }

    /// The words that other processes see, for tests that scribble over them.
    #[cfg(test)]
    pub(crate) fn ring(&self) -> &crate::ring::Ring<E, D> {
        self.publisher.ring()
    }

    /// How many events the ring holds.
    #[inline]
    pub fn capacity(&self) -> u64 {
        self.publisher.ring().capacity()
    }

    /// How the segment was placed in memory: what was asked for and what the system gave.
    pub fn placement(&self) -> crate::segment::PlacementReport {
        self.segment.placement()
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

    /// A handle that ends waits of this producer from another thread or a signal handler. A call that does not have
    /// to wait does not see it ([`Stopper`]).
    pub fn stopper(&self) -> Stopper {
        self.stop.stopper()
    }

    /// Ends the stream: consumers drain what is there and then see the end. The same as drop.
    pub fn close(mut self) {
        self.end(Ending::Close);
    }

    /// Leaves the stream open for a successor: the next `create` of this channel goes on in sequence with the
    /// consumers that are attached. They wait for it without being told of a death.
    pub fn detach(mut self) {
        self.end(Ending::Detach);
    }

    /// Leaves as if its process had died: the stream is not ended by one that cannot go on with it.
    pub(crate) fn abandon(mut self) {
        self.end(Ending::Die);
    }

    fn end(&mut self, ending: Ending) {
        if !self.segment.end_once() || self.generation != os::fork::generation() {
            return;
        }
        match ending {
            Ending::Close => {
                self.publisher.close();
                crate::sync::point!("close: closed");
                // Before the system calls that look after the name.
                self.segment.data_wait().wake_now();
                crate::sync::point!("close: told");
                self.segment.producer_closed();
            }
            Ending::Detach => {
                self.segment.producer_detached();
                crate::sync::point!("detach: detached");
                self.segment.data_wait().wake_now();
            }
            Ending::Die => self.segment.note_own(LifecycleEvent::Died),
        }
    }
}

// Not derived: that would ask for `E: Debug`, and ends are `Debug` for every event.
impl<E: RingEvent, D: Discipline> fmt::Debug for Producer<E, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Producer")
            .field("event", &E::SCHEMA.name)
            .field("sequence", &self.sequence())
            .field("capacity", &self.capacity())
            .finish_non_exhaustive()
    }
}

impl<E: RingEvent, D: Discipline> Drop for Producer<E, D> {
    fn drop(&mut self) {
        self.end(if std::thread::panicking() { Ending::Die } else { Ending::Close });
    }
}
