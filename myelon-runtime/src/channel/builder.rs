//! Everything about an end that is known only at run time.

use core::marker::PhantomData;
use core::time::Duration;

use super::Channel;
use crate::consumer::Consumer;
use crate::liveness::{OnConsumerDeath, Watch};
use crate::location::{IntoLocation, Location, LocationError};
use crate::os;
use crate::producer::Producer;
use crate::ring::Ring;
use crate::ring::join::Start;
use crate::ring::publisher::{Implausible, Publisher};
use crate::ring::reader::Reader;
use crate::segment::{
    self, AttachError, AttachRequest, Contract, CreateError, CreateRequest, Placement, RemoveError,
};
use crate::wait::{WaitStrategy, pace};

/// Makes the producer of a channel: `Ticks::producer("ticks")`, then options, then [`build`](Self::build).
#[derive(Debug)]
#[must_use = "call .build() to create the channel"]
pub struct ProducerBuilder<C: Channel> {
    location: Result<Location, LocationError>,
    capacity: u64,
    wait: WaitStrategy,
    on_consumer_death: OnConsumerDeath,
    fresh: bool,
    placement: Placement,
    pin: Option<usize>,
    channel: PhantomData<fn() -> C>,
}

impl<C: Channel> ProducerBuilder<C> {
    /// For the channel at `at`: a name for shared memory, or a [`Location`].
    pub fn new(at: impl IntoLocation) -> Self {
        Self {
            location: at.into_location(),
            capacity: C::CONFIG.capacity,
            wait: C::CONFIG.wait,
            on_consumer_death: OnConsumerDeath::default(),
            fresh: false,
            placement: Placement::default(),
            pin: None,
            channel: PhantomData,
        }
    }

    /// How many events the ring holds, a power of two; the attribute's `capacity` otherwise.
    pub fn capacity(mut self, events: u64) -> Self {
        self.capacity = events;
        self
    }

    /// How this end waits for room; the attribute's `wait` otherwise.
    pub fn wait(mut self, strategy: WaitStrategy) -> Self {
        self.wait = strategy;
        self
    }

    /// What happens to a consumer that died without leaving; [`OnConsumerDeath::Evict`] otherwise.
    pub fn on_consumer_death(mut self, policy: OnConsumerDeath) -> Self {
        self.on_consumer_death = policy;
        self
    }

    /// Starts a new stream even if a dead producer left one that could be gone on with. Its consumers learn that
    /// it was superseded.
    pub fn fresh(mut self) -> Self {
        self.fresh = true;
        self
    }

    /// How the segment is placed in memory; pre-faulted otherwise.
    pub fn placement(mut self, placement: Placement) -> Self {
        self.placement = placement;
        self
    }

    /// Pins the thread that calls [`build`](Self::build) to a core.
    pub fn pin(mut self, core: usize) -> Self {
        self.pin = Some(core);
        self
    }

    /// Creates the channel, or takes over one whose producer died.
    ///
    /// # Errors
    /// [`CreateError`] says what is in the way and what to do about it; nothing is left behind.
    pub fn build(self) -> Result<C::Producer, CreateError> {
        let location = self.location?;
        pace::measure();
        if let Some(core) = self.pin {
            os::cpu::pin_current_thread(core).map_err(|source| CreateError::Pin { core, source })?;
        }
        let segment = segment::create(&CreateRequest {
            location,
            channel: C::CONFIG.name,
            contract: Contract::of::<C::Event, C::Slots>(C::CONFIG.version),
            capacity: self.capacity,
            max_consumers: C::CONFIG.max_consumers,
            fresh: self.fresh,
            on_consumer_death: self.on_consumer_death,
            placement: self.placement,
        })?;
        // SAFETY: the segment validated its geometry against the file (S1, S2) and was made for this event and
        // discipline (fingerprint); the producer keeps it for as long as the ring is used (S4).
        let ring = unsafe { Ring::<C::Event, C::Slots>::new(segment.ring_parts()) };
        let publisher = Publisher::take_over(ring).map_err(|Implausible { published }| {
            CreateError::Implausible { location: segment.location().to_string(), published }
        })?;
        segment.producer_ready();
        Ok(Producer::new(publisher, segment, self.wait, Watch::new(self.on_consumer_death)).into())
    }
}

/// Makes a consumer of a channel: `Ticks::consumer("ticks", "risk")`, then options, then [`build`](Self::build).
#[derive(Debug)]
#[must_use = "call .build() to attach to the channel"]
pub struct ConsumerBuilder<C: Channel> {
    location: Result<Location, LocationError>,
    id: String,
    start: Option<Start>,
    attach_timeout: Duration,
    wait: WaitStrategy,
    placement: Placement,
    pin: Option<usize>,
    channel: PhantomData<fn() -> C>,
}

impl<C: Channel> ConsumerBuilder<C> {
    /// For the channel at `at`, as the consumer `id`: 1 to 64 bytes, one live consumer for each id.
    pub fn new(at: impl IntoLocation, id: &str) -> Self {
        Self {
            location: at.into_location(),
            id: id.to_owned(),
            start: None,
            attach_timeout: Duration::ZERO,
            wait: C::CONFIG.wait,
            placement: Placement::default(),
            pin: None,
            channel: PhantomData,
        }
    }

    /// Where to begin. Otherwise a known id resumes where it stopped, and a new one begins at
    /// [`Start::Latest`]; `None` says that, too.
    pub fn start(mut self, start: impl Into<Option<Start>>) -> Self {
        self.start = start.into();
        self
    }

    /// How long to wait for a segment that is not there yet; not at all otherwise. `Duration::MAX` waits as long
    /// as it takes.
    pub fn attach_timeout(mut self, timeout: Duration) -> Self {
        self.attach_timeout = timeout;
        self
    }

    /// How this end waits for events; the attribute's `wait` otherwise.
    pub fn wait(mut self, strategy: WaitStrategy) -> Self {
        self.wait = strategy;
        self
    }

    /// How the segment is placed in this process's memory; pre-faulted otherwise.
    pub fn placement(mut self, placement: Placement) -> Self {
        self.placement = placement;
        self
    }

    /// Pins the thread that calls [`build`](Self::build) to a core.
    pub fn pin(mut self, core: usize) -> Self {
        self.pin = Some(core);
        self
    }

    /// Attaches to the channel.
    ///
    /// # Errors
    /// [`AttachError`] says what is in the way and what to do about it; nothing is left behind.
    pub fn build(self) -> Result<C::Consumer, AttachError> {
        let location = self.location?;
        pace::measure();
        if let Some(core) = self.pin {
            os::cpu::pin_current_thread(core).map_err(|source| AttachError::Pin { core, source })?;
        }
        let joined = segment::attach::<C::Event, C::Slots>(&AttachRequest {
            location,
            id: self.id,
            contract: Contract::of::<C::Event, C::Slots>(C::CONFIG.version),
            start: self.start,
            timeout: self.attach_timeout,
            placement: self.placement,
        })?;
        // SAFETY: the segment validated its geometry against the file (S1, S2) and was made for this event and
        // discipline (fingerprint); the consumer keeps it for as long as the ring is used (S4).
        let ring = unsafe { Ring::<C::Event, C::Slots>::new(joined.segment.ring_parts()) };
        let reader = Reader::new(ring, joined.entry, joined.start);
        Ok(Consumer::new(reader, joined.segment, self.wait).into())
    }
}

/// Removes a channel that nobody uses: its name and its file.
///
/// # Errors
/// [`RemoveError::InUse`] if a producer or consumer of it is alive.
pub fn remove(at: impl IntoLocation) -> Result<(), RemoveError> {
    segment::remove(&at.into_location()?)
}
