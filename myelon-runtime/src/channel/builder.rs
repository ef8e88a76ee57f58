//! Everything about an end that is known only at run time.

use core::marker::PhantomData;
use core::time::Duration;

use super::{Declared, MessageChannel};
use crate::liveness::{Alert, DeclaredConsumer, OnConsumerDeath, Required, Role, StartWhen};
use crate::location::{IntoLocation, Location, LocationError};
use crate::message::Trust;
use crate::producer::AlertCall;
use crate::ring::join::Start;
use crate::segment::{self, AttachError, CreateError, Placement, RemoveError};
use crate::wait::WaitStrategy;

/// Makes the producer of a channel: `Ticks::producer("ticks")`, then options, then [`build`](Self::build).
#[derive(Debug)]
#[must_use = "call .build() to create the channel"]
pub struct ProducerBuilder<C: Declared> {
    options: ProducerOptions,
    channel: PhantomData<fn() -> C>,
}

/// What was chosen about a producer.
#[doc(hidden)]
#[derive(Debug)]
pub struct ProducerOptions {
    pub(super) location: Result<Location, LocationError>,
    /// In events, or in bytes for messages.
    pub(super) capacity: u64,
    pub(super) max_message: Option<u64>,
    pub(super) wait: WaitStrategy,
    pub(super) on_consumer_death: OnConsumerDeath,
    /// Whom the attribute and this builder require; each id once.
    pub(super) required: Vec<(String, Required)>,
    pub(super) on_alert: Option<AlertCall>,
    pub(super) start_when: StartWhen,
    pub(super) start_timeout: Duration,
    pub(super) fresh: bool,
    pub(super) placement: Placement,
    pub(super) pin: Option<usize>,
}

/// What was chosen about a consumer.
#[doc(hidden)]
#[derive(Debug)]
pub struct ConsumerOptions {
    pub(super) location: Result<Location, LocationError>,
    pub(super) id: String,
    pub(super) start: Option<Start>,
    pub(super) attach_timeout: Duration,
    pub(super) declared_only: Option<&'static [DeclaredConsumer]>,
    pub(super) max_message: Option<u64>,
    pub(super) trust: Trust,
    pub(super) wait: WaitStrategy,
    pub(super) placement: Placement,
    pub(super) pin: Option<usize>,
}

/// Whether the channel declares this consumer as lossy.
fn is_lossy<C: Declared>(id: &str) -> bool {
    C::CONSUMERS.iter().any(|consumer| consumer.id == id && consumer.role == Role::Lossy)
}

impl ProducerOptions {
    fn require(&mut self, id: String, policy: Required) {
        match self.required.iter_mut().find(|(known, _)| *known == id) {
            Some((_, of_one)) => *of_one = policy,
            None => self.required.push((id, policy)),
        }
    }
}

impl<C: Declared> ProducerBuilder<C> {
    /// For the channel at `at`: a name for shared memory, or a [`Location`].
    pub fn new(at: impl IntoLocation) -> Self {
        let options = ProducerOptions {
            location: at.into_location(),
            capacity: C::CAPACITY,
            max_message: None,
            wait: C::WAIT,
            on_consumer_death: OnConsumerDeath::default(),
            required: C::CONSUMERS
                .iter()
                .filter_map(|one| match one.role {
                    Role::Required(policy) => Some((one.id.to_owned(), policy)),
                    Role::Reliable | Role::Lossy => None,
                })
                .collect(),
            on_alert: None,
            start_when: StartWhen::default(),
            start_timeout: Duration::MAX,
            fresh: false,
            placement: Placement::default(),
            pin: None,
        };
        Self { options, channel: PhantomData }
    }

    /// How many events the ring holds, or how many bytes on a channel of messages: a power of two; the attribute's
    /// `capacity` otherwise.
    pub fn capacity(mut self, capacity: u64) -> Self {
        self.options.capacity = capacity;
        self
    }

    /// How this end waits for room; the attribute's `wait` otherwise.
    pub fn wait(mut self, strategy: WaitStrategy) -> Self {
        self.options.wait = strategy;
        self
    }

    /// Consumers without which the stream does not go on: places are kept for them from the first event on, whether they are
    /// attached or not. With [`Required::DEFAULT`], or what [`policy`](Self::policy) says after this. Beside those that the
    /// attribute names.
    pub fn required(mut self, ids: impl IntoIterator<Item: Into<String>>) -> Self {
        for id in ids {
            self.options.require(id.into(), Required::DEFAULT);
        }
        self
    }

    /// What is expected of the required consumers that were named so far, those of the attribute included: for how long they
    /// may be away, stall or be dead, and what follows.
    pub fn policy(mut self, policy: Required) -> Self {
        for (_, of_one) in &mut self.options.required {
            *of_one = policy;
        }
        self
    }

    /// One more required consumer, or another policy for one that was named.
    pub fn require(mut self, id: impl Into<String>, policy: Required) -> Self {
        self.options.require(id.into(), policy);
        self
    }

    /// Calls this when a required consumer that the producer waits for stalls, recovers, dies or comes back, and when a dead
    /// consumer is let go. On the producer's thread, in the call that waits: it should not take long.
    pub fn on_alert(mut self, call: impl FnMut(&Alert) + Send + 'static) -> Self {
        self.options.on_alert = Some(AlertCall::new(call));
        self
    }

    /// For whom [`build`](Self::build) waits, and for how long at most (`Duration::MAX`: as long as it takes); for nobody
    /// otherwise: what is published then stays in the ring for required consumers that attach later.
    pub fn start_when(mut self, when: StartWhen, timeout: Duration) -> Self {
        self.options.start_when = when;
        self.options.start_timeout = timeout;
        self
    }

    /// What happens to a consumer that died without leaving; [`OnConsumerDeath::Evict`] otherwise. For required ones, their
    /// policy says that.
    pub fn on_consumer_death(mut self, policy: OnConsumerDeath) -> Self {
        self.options.on_consumer_death = policy;
        self
    }

    /// Starts a new stream even if a dead producer left one that could be gone on with. Its consumers learn that
    /// it was superseded.
    pub fn fresh(mut self) -> Self {
        self.options.fresh = true;
        self
    }

    /// How the segment is placed in memory; pre-faulted otherwise.
    pub fn placement(mut self, placement: Placement) -> Self {
        self.options.placement = placement;
        self
    }

    /// Pins the thread that calls [`build`](Self::build) to a core.
    pub fn pin(mut self, core: usize) -> Self {
        self.options.pin = Some(core);
        self
    }

    /// Creates the channel, or takes over one whose producer died.
    ///
    /// # Errors
    /// [`CreateError`] says what is in the way and what to do about it; nothing is left behind.
    pub fn build(self) -> Result<C::Tx, CreateError> {
        if let Some((id, _)) = self.options.required.iter().find(|(id, _)| is_lossy::<C>(id)) {
            return Err(CreateError::DeclaredLossy { id: id.clone() });
        }
        C::produce(self.options)
    }
}

impl<C: MessageChannel> ProducerBuilder<C> {
    /// The longest message, in bytes; the attribute's `max_message` otherwise. Consumers refuse longer ones than they
    /// were built for.
    pub fn max_message(mut self, bytes: u64) -> Self {
        self.options.max_message = Some(bytes);
        self
    }
}

/// Makes a consumer of a channel: `Ticks::consumer("ticks", "risk")`, then options, then [`build`](Self::build).
#[derive(Debug)]
#[must_use = "call .build() to attach to the channel"]
pub struct ConsumerBuilder<C: Declared> {
    options: ConsumerOptions,
    channel: PhantomData<fn() -> C>,
}

impl<C: Declared> ConsumerBuilder<C> {
    /// For the channel at `at`, as the consumer `id`: 1 to 64 bytes, one live consumer for each id.
    pub fn new(at: impl IntoLocation, id: &str) -> Self {
        let options = ConsumerOptions {
            location: at.into_location(),
            id: id.to_owned(),
            start: None,
            attach_timeout: Duration::ZERO,
            declared_only: C::DECLARED_ONLY.then_some(C::CONSUMERS),
            max_message: None,
            trust: Trust::NONE,
            wait: C::WAIT,
            placement: Placement::default(),
            pin: None,
        };
        Self { options, channel: PhantomData }
    }

    /// Where to begin. Otherwise a known id resumes where it stopped, and a new one begins at
    /// [`Start::Latest`]; `None` says that, too.
    pub fn start(mut self, start: impl Into<Option<Start>>) -> Self {
        self.options.start = start.into();
        self
    }

    /// How long to wait for a segment that is not there yet; not at all otherwise. `Duration::MAX` waits as long
    /// as it takes.
    pub fn attach_timeout(mut self, timeout: Duration) -> Self {
        self.options.attach_timeout = timeout;
        self
    }

    /// How this end waits for events; the attribute's `wait` otherwise.
    pub fn wait(mut self, strategy: WaitStrategy) -> Self {
        self.options.wait = strategy;
        self
    }

    /// How the segment is placed in this process's memory; pre-faulted, and its ring read-only, otherwise.
    pub fn placement(mut self, placement: Placement) -> Self {
        self.options.placement = placement;
        self
    }

    /// Pins the thread that calls [`build`](Self::build) to a core.
    pub fn pin(mut self, core: usize) -> Self {
        self.options.pin = Some(core);
        self
    }

    /// Attaches to the channel.
    ///
    /// # Errors
    /// [`AttachError`] says what is in the way and what to do about it; nothing is left behind.
    pub fn build(self) -> Result<C::Rx, AttachError> {
        let id = &self.options.id;
        if is_lossy::<C>(id) {
            return Err(AttachError::DeclaredLossy { id: id.clone() });
        }
        C::consume(self.options)
    }
}

impl<C: MessageChannel> ConsumerBuilder<C> {
    /// The longest message that this consumer takes, in bytes; the attribute's `max_message` otherwise. It bounds the
    /// memory that fragments are joined in. A longer message is skipped, with an error.
    pub fn max_message(mut self, bytes: u64) -> Self {
        self.options.max_message = Some(bytes);
        self
    }

    /// Reads messages without validating them, where the format can (rkyv, flatbuffers).
    ///
    /// # Safety
    /// 1. Whatever producer this channel ever has writes its messages through this channel's own type, in a build of the
    ///    same format: nothing else writes to the segment.
    /// 2. What it publishes is what that format writes: tables of FlatBuffers with no other offsets than those that the
    ///    builder returned for the same message; values of rkyv whose parts are aligned to at most 16 bytes; and nothing
    ///    through a lane that is not the channel's own.
    pub unsafe fn trust_producer(mut self) -> Self {
        // SAFETY: (1) of this function.
        self.options.trust = unsafe { Trust::full() };
        self
    }
}

/// Removes a channel that nobody uses: its name and its file.
///
/// # Errors
/// [`RemoveError::InUse`] if a producer or consumer of it is alive.
pub fn remove(at: impl IntoLocation) -> Result<(), RemoveError> {
    segment::remove(&at.into_location()?)
}
