//! Channels of messages for tests: any format, both ends in one process.

use core::convert::Infallible;
use core::marker::PhantomData;

use super::{
    ConsumerBuilder, ConsumerOptions, Declared, LossyBuilder, LossyOptions, MessageChannel, MessageConfig,
    Packing, ProducerBuilder, ProducerOptions, open,
};
use crate::event::LaneShape;
use crate::location::Location;
use crate::message::{Lane, MessageConsumer, MessageLossyConsumer, MessageProducer};
use crate::ring::Start;
use crate::segment::{AttachError, CreateError};
use crate::wait::WaitStrategy;

/// A channel of messages of the lane `L`.
#[derive(Debug)]
pub(crate) enum Carries<L> {
    _Never(Infallible, PhantomData<fn() -> L>),
}

impl<L: Lane + core::fmt::Debug> Declared for Carries<L> {
    type Tx = Box<MessageProducer<L>>;
    type Rx = Box<MessageConsumer<L>>;
    type Lossy = Box<MessageLossyConsumer<L>>;
    const CAPACITY: u64 = Self::CONFIG.capacity;
    const WAIT: WaitStrategy = Self::CONFIG.wait;

    fn produce(options: ProducerOptions) -> Result<Self::Tx, CreateError> {
        open::message_producer::<Self>(options)
    }

    fn consume(options: ConsumerOptions) -> Result<Self::Rx, AttachError> {
        open::message_consumer::<Self>(options)
    }

    fn glance(options: LossyOptions) -> Result<Self::Lossy, AttachError> {
        open::message_lossy::<Self>(options).map(Box::new)
    }
}

impl<L: Lane + core::fmt::Debug> MessageChannel for Carries<L> {
    type Format = L;
    type Producer = Box<MessageProducer<L>>;
    type Consumer = Box<MessageConsumer<L>>;
    const CONFIG: MessageConfig = MessageConfig {
        name: "Tested",
        capacity: 1024,
        max_message: 1 << 20,
        max_consumers: 4,
        version: 0,
        wait: WaitStrategy::Adaptive,
        packing: Packing::Dense,
        timestamps: false,
        evolves: false,
    };
    const LANES: &'static [LaneShape] = &[LaneShape::of::<L>("Tested", "tested")];
}

impl<L: Lane> From<crate::message::RecordProducer> for Box<MessageProducer<L>> {
    fn from(end: crate::message::RecordProducer) -> Self {
        Self::new(end.into())
    }
}

impl<L: crate::message::Format> From<crate::message::RecordConsumer> for Box<MessageConsumer<L>> {
    fn from(end: crate::message::RecordConsumer) -> Self {
        Self::new(end.into())
    }
}

/// A channel in memory without a name.
#[derive(Debug)]
pub(crate) struct MessageSite<L> {
    pub(crate) location: Location,
    channel: PhantomData<Carries<L>>,
}

impl<L: Lane + core::fmt::Debug> MessageSite<L> {
    pub(crate) fn new() -> Self {
        Self { location: Location::anonymous().unwrap(), channel: PhantomData }
    }

    /// The same place, as a program sees it that carries something else.
    pub(crate) fn at(location: &Location) -> Self {
        Self { location: location.clone(), channel: PhantomData }
    }

    pub(crate) fn producer(&self) -> ProducerBuilder<Carries<L>> {
        ProducerBuilder::new(&self.location)
    }

    pub(crate) fn create(&self, capacity: u64) -> Box<MessageProducer<L>> {
        self.producer().capacity(capacity).build().unwrap()
    }

    pub(crate) fn consumer(&self, id: &str) -> ConsumerBuilder<Carries<L>> {
        ConsumerBuilder::new(&self.location, id)
    }

    pub(crate) fn lossy(&self) -> LossyBuilder<Carries<L>> {
        LossyBuilder::new(&self.location)
    }

    /// From the first message on.
    pub(crate) fn attach(&self, id: &str) -> Box<MessageConsumer<L>> {
        self.consumer(id).start(Start::Oldest).build().unwrap()
    }
}
