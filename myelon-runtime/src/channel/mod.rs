//! Channels as types: what `#[myelon::channel]` declares and generates, and the builders behind it.

mod builder;
#[doc(hidden)]
pub mod check;
mod declared;
mod error;
mod lossy;
mod macros;
mod message;
mod needs;
#[doc(hidden)]
pub mod open;
mod show;
mod tap;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
pub(crate) mod testing_messages;

pub use crate::message::Packing;
pub use builder::{ConsumerBuilder, ConsumerOptions, ProducerBuilder, ProducerOptions, remove};
pub use declared::UnknownConsumer;
pub use error::Error;
pub use lossy::{LossyBuilder, LossyOptions};
pub use message::{MessageChannel, MessageConfig};
#[cfg(not(feature = "flatbuffers"))]
pub use needs::Family;
pub use show::{show_message, show_unknown};
pub use tap::{MessageTap, Tap, TapError};

use core::fmt;
use core::ops::DerefMut;

use crate::consumer::{Consumer, LossyConsumer};
use crate::event::{Fingerprint, RingEvent};
use crate::liveness::DeclaredConsumer;
use crate::producer::Producer;
use crate::ring::{Dense, Discipline, Stamped};
use crate::segment::{AttachError, CreateError};
use crate::wait::WaitStrategy;

/// Whatever `#[myelon::channel]` declared: what the builders of both ends need to know of it.
///
/// [`Channel`] says more of channels of events, [`MessageChannel`] of those of messages.
pub trait Declared: Sized + 'static {
    /// The generated producer.
    type Tx;
    /// The generated consumer.
    type Rx;
    /// The generated lossy consumer.
    type Lossy: fmt::Debug + Send + 'static;
    /// The attribute's capacity.
    const CAPACITY: u64;
    /// The attribute's `wait`.
    const WAIT: WaitStrategy;
    /// The attribute's `consumers`.
    const CONSUMERS: &'static [DeclaredConsumer] = &[];
    /// Whether only those may attach.
    const DECLARED_ONLY: bool = false;

    #[doc(hidden)]
    fn produce(options: ProducerOptions) -> Result<Self::Tx, CreateError>;
    #[doc(hidden)]
    fn consume(options: ConsumerOptions) -> Result<Self::Rx, AttachError>;
    #[doc(hidden)]
    fn glance(options: LossyOptions) -> Result<Self::Lossy, AttachError>;
}

/// A channel that `#[myelon::channel]` declared: which events it carries and how.
///
/// The marker type that the macro leaves in place of the annotated struct implements it. Code that works for any
/// channel of some event is generic over it:
///
/// ```ignore
/// fn fill<C: Channel<Event = Tick>>(at: &Location) -> Result<(), myelon::Error> {
///     let mut producer = ProducerBuilder::<C>::new(at).build()?;
///     producer.publish(Tick::BLANK)?;
///     Ok(())
/// }
/// ```
pub trait Channel:
    Declared<
        Tx = <Self as Channel>::Producer,
        Rx = <Self as Channel>::Consumer,
        Lossy: DerefMut<Target = LossyConsumer<<Self as Channel>::Event, <Self as Channel>::Slots>>,
    >
{
    /// What it carries.
    type Event: RingEvent;
    /// How events lie in the ring; follows from `optimize`, or from the event's size.
    type Slots: Discipline;
    /// The generated producer.
    type Producer: From<Producer<Self::Event, Self::Slots>>
        + DerefMut<Target = Producer<Self::Event, Self::Slots>>
        + fmt::Debug
        + Send
        + 'static;
    /// The generated consumer.
    type Consumer: From<Consumer<Self::Event, Self::Slots>>
        + DerefMut<Target = Consumer<Self::Event, Self::Slots>>
        + fmt::Debug
        + Send
        + 'static;
    /// What the attribute said.
    const CONFIG: ChannelConfig;

    /// The digest of everything that two peers must agree on.
    const FINGERPRINT: Fingerprint =
        Self::Event::SCHEMA.channel_fingerprint(<Self::Slots as Discipline>::CODE, Self::CONFIG.version);
}

/// What the attribute of a channel said, with the defaults filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelConfig {
    /// The name of the channel's type, for display.
    pub name: &'static str,
    /// How many events the ring holds: the default for `create`; consumers take it from the segment.
    pub capacity: u64,
    /// How many consumers can be attached at the same time.
    pub max_consumers: u32,
    /// Part of the fingerprint: to be raised when the meaning of an event changes and its layout does not.
    pub version: u64,
    /// How both ends wait, unless their builders say otherwise.
    pub wait: WaitStrategy,
}

/// The largest event, in bytes, for which a channel without `optimize` keeps the stamp beside the event: both
/// fit one cache line. Measured: see the table of the benchmark.
const LATENCY_UP_TO: usize = 56;

/// Whether a channel of `E` without `optimize` is tuned for latency. Without the bound `E: RingEvent`, so that a
/// payload that is none is told once, at `type Event`.
#[doc(hidden)]
pub const fn default_latency<E>() -> bool {
    size_of::<E>() <= LATENCY_UP_TO
}

/// Chooses the slot discipline at compile time.
#[doc(hidden)]
#[derive(Debug)]
pub enum ByOptimize<const LATENCY: bool> {}

#[doc(hidden)]
pub trait Select {
    type Slots: Discipline;
}

impl Select for ByOptimize<true> {
    type Slots = Stamped;
}

impl Select for ByOptimize<false> {
    type Slots = Dense;
}
