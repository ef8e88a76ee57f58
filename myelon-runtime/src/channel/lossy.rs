//! Everything about a lossy consumer that is known only at run time.

use core::marker::PhantomData;
use core::time::Duration;

use super::{Declared, MessageChannel};
use crate::location::{IntoLocation, Location, LocationError};
use crate::ring::join::Start;
use crate::segment::AttachError;
use crate::wait::WaitStrategy;

/// Makes a lossy consumer of a channel: `Ticks::lossy("ticks")`, then options, then [`build`](Self::build).
///
/// It needs no id: it takes no place among the channel's consumers, and any number of them can read.
#[derive(Debug)]
#[must_use = "call .build() to attach to the channel"]
pub struct LossyBuilder<C: Declared> {
    options: LossyOptions,
    channel: PhantomData<fn() -> C>,
}

/// What was chosen about a lossy consumer.
#[doc(hidden)]
#[derive(Debug)]
pub struct LossyOptions {
    pub(super) location: Result<Location, LocationError>,
    pub(super) start: Option<Start>,
    pub(super) attach_timeout: Duration,
    pub(super) max_message: Option<u64>,
    pub(super) wait: WaitStrategy,
    /// Whether a closed channel will do as well.
    pub(super) closed_too: bool,
}

impl LossyOptions {
    /// What a tap looks at: all that is there.
    pub(super) fn of_tap(at: impl IntoLocation) -> Self {
        Self {
            location: at.into_location(),
            start: Some(Start::Oldest),
            attach_timeout: Duration::ZERO,
            max_message: None,
            wait: WaitStrategy::default(),
            closed_too: true,
        }
    }
}

impl<C: Declared> LossyBuilder<C> {
    /// For the channel at `at`.
    pub fn new(at: impl IntoLocation) -> Self {
        let options = LossyOptions {
            location: at.into_location(),
            start: None,
            attach_timeout: Duration::ZERO,
            max_message: None,
            wait: C::WAIT,
            closed_too: false,
        };
        Self { options, channel: PhantomData }
    }

    /// Where to begin; [`Start::Latest`] otherwise. [`Start::Oldest`] begins at the oldest that is certainly there. With
    /// [`Start::At`] whatever comes before is passed; what was overwritten of the rest is told as missed. There is nothing to
    /// resume, so [`Start::Resume`] is [`Start::Latest`].
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

    /// How this end waits; the attribute's `wait` otherwise. To park is to nap: nobody wakes a lossy consumer.
    pub fn wait(mut self, strategy: WaitStrategy) -> Self {
        self.options.wait = strategy;
        self
    }

    /// Attaches to the channel.
    ///
    /// # Errors
    /// [`AttachError`] says what is in the way and what to do about it.
    pub fn build(self) -> Result<C::Lossy, AttachError> {
        C::glance(self.options)
    }
}

impl<C: MessageChannel> LossyBuilder<C> {
    /// The longest message that this consumer takes, in bytes; the attribute's `max_message` otherwise. It bounds the
    /// memory that fragments are joined in. A longer message is skipped, with an error.
    pub fn max_message(mut self, bytes: u64) -> Self {
        self.options.max_message = Some(bytes);
        self
    }
}
