//! Channels for tests: any event in any slots, both ends in one process.

use core::convert::Infallible;
use core::marker::PhantomData;

use super::{
    Channel, ChannelConfig, ConsumerBuilder, ConsumerOptions, Declared, LossyBuilder, LossyOptions,
    ProducerBuilder, ProducerOptions, open,
};
use crate::consumer::{Consumer, LossyConsumer};
use crate::event::RingEvent;
use crate::location::Location;
use crate::producer::Producer;
use crate::ring::{Discipline, Start};
use crate::segment::{AttachError, CreateError};
use crate::wait::WaitStrategy;

/// A channel of `E` in `D`.
#[derive(Debug)]
pub(crate) enum Of<E, D> {
    _Never(Infallible, PhantomData<fn() -> (E, D)>),
}

impl<E: RingEvent, D: Discipline> Declared for Of<E, D> {
    type Tx = Box<Producer<E, D>>;
    type Rx = Box<Consumer<E, D>>;
    type Lossy = Box<LossyConsumer<E, D>>;
    const CAPACITY: u64 = Self::CONFIG.capacity;
    const WAIT: WaitStrategy = Self::CONFIG.wait;

    fn produce(options: ProducerOptions) -> Result<Self::Tx, CreateError> {
        open::producer::<Self>(options)
    }

    fn consume(options: ConsumerOptions) -> Result<Self::Rx, AttachError> {
        open::consumer::<Self>(options)
    }

    fn glance(options: LossyOptions) -> Result<Self::Lossy, AttachError> {
        open::lossy::<Self>(options).map(Box::new)
    }
}

impl<E: RingEvent, D: Discipline> Channel for Of<E, D> {
    type Event = E;
    type Slots = D;
    type Producer = Box<Producer<E, D>>;
    type Consumer = Box<Consumer<E, D>>;
    const CONFIG: ChannelConfig = ChannelConfig {
        name: "Tested",
        capacity: 8,
        max_consumers: 4,
        version: 0,
        wait: WaitStrategy::Adaptive,
    };
}

/// A channel in memory without a name.
#[derive(Debug)]
pub(crate) struct Site<E, D> {
    pub(crate) location: Location,
    channel: PhantomData<Of<E, D>>,
}

impl<E: RingEvent, D: Discipline> Site<E, D> {
    pub(crate) fn new() -> Self {
        Self { location: Location::anonymous().unwrap(), channel: PhantomData }
    }

    pub(crate) fn at(location: Location) -> Self {
        Self { location, channel: PhantomData }
    }

    pub(crate) fn producer(&self) -> ProducerBuilder<Of<E, D>> {
        ProducerBuilder::new(&self.location)
    }

    pub(crate) fn create(&self, capacity: u64) -> Box<Producer<E, D>> {
        self.producer().capacity(capacity).build().unwrap()
    }

    pub(crate) fn consumer(&self, id: &str) -> ConsumerBuilder<Of<E, D>> {
        ConsumerBuilder::new(&self.location, id)
    }

    pub(crate) fn lossy(&self) -> LossyBuilder<Of<E, D>> {
        LossyBuilder::new(&self.location)
    }

    /// From the first event on.
    pub(crate) fn attach(&self, id: &str) -> Box<Consumer<E, D>> {
        self.consumer(id).start(Start::Oldest).build().unwrap()
    }
}

/// Drops an end as a thread that panics would: to everybody else it died.
pub(crate) fn die<T: Send + 'static>(end: T) {
    let dying = std::thread::spawn(move || {
        let _end = end;
        // Not `panic!`: nobody wants to read of it.
        std::panic::resume_unwind(Box::new(()));
    });
    assert!(dying.join().is_err());
}
