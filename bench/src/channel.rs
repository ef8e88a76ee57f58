//! The channels that the benchmarks measure: generic over the size of the event and over what is chosen by
//! `#[myelon::channel]`, so they implement by hand what the macro would generate: a marker with its constants, and two
//! newtypes.

use std::fmt::Debug;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use myelon::__private::{ConsumerOptions, LossyOptions, ProducerOptions, open};
use myelon::{
    AttachError, Channel, ChannelConfig, CreateError, Declared, Dense, Discipline, LossyConsumer, Stamped,
    WaitStrategy,
};

use crate::{Words, event};

/// Every ring holds this many events.
pub const CAPACITY: u64 = 4096;

/// How a channel is tuned.
pub trait Tuning: Debug + 'static {
    /// `optimize = latency | throughput`.
    type Slots: Discipline;
    /// `wait = ..`
    const WAIT: WaitStrategy = WaitStrategy::Adaptive;
}

macro_rules! tunings {
    ($($(#[$doc:meta])* $name:ident: $slots:ty $(, $wait:expr)?;)*) => { $(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}
        impl Tuning for $name {
            type Slots = $slots;
            $(const WAIT: WaitStrategy = $wait;)?
        }
    )* };
}

tunings! {
    /// `optimize = latency`
    Latency: Stamped;
    /// `optimize = throughput`
    Throughput: Dense;
    /// `optimize = latency, wait = spin`
    LatencySpin: Stamped, WaitStrategy::Spin;
    /// `optimize = throughput, wait = spin`
    ThroughputSpin: Dense, WaitStrategy::Spin;
}

/// The channel whose events have `8 * W` bytes.
#[derive(Debug)]
pub struct Of<T, const W: usize>(PhantomData<T>);

impl<T: Tuning, const W: usize> Declared for Of<T, W> {
    type Tx = Producer<T, W>;
    type Rx = Consumer<T, W>;
    type Lossy = Box<LossyConsumer<Words<W>, T::Slots>>;
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

impl<T: Tuning, const W: usize> Channel for Of<T, W> {
    type Event = Words<W>;
    type Slots = T::Slots;
    type Producer = Producer<T, W>;
    type Consumer = Consumer<T, W>;
    const CONFIG: ChannelConfig =
        ChannelConfig { name: "bench", capacity: CAPACITY, max_consumers: 16, version: 0, wait: T::WAIT };
}

macro_rules! end {
    ($(#[$doc:meta])* $end:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $end<T: Tuning, const W: usize>(myelon::$end<Words<W>, T::Slots>);

        impl<T: Tuning, const W: usize> From<myelon::$end<Words<W>, T::Slots>> for $end<T, W> {
            fn from(end: myelon::$end<Words<W>, T::Slots>) -> Self {
                Self(end)
            }
        }

        impl<T: Tuning, const W: usize> Deref for $end<T, W> {
            type Target = myelon::$end<Words<W>, T::Slots>;

            #[inline]
            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl<T: Tuning, const W: usize> DerefMut for $end<T, W> {
            #[inline]
            fn deref_mut(&mut self) -> &mut Self::Target {
                &mut self.0
            }
        }
    };
}

end! {
    /// The producer of a channel.
    Producer
}
end! {
    /// A consumer of a channel.
    Consumer
}

/// Both ends of a channel in one process, for what one call costs when no other core is involved.
#[derive(Debug)]
pub struct Pair<T: Tuning, const W: usize> {
    /// The only producer.
    pub producer: Producer<T, W>,
    /// The only consumer.
    pub consumer: Consumer<T, W>,
}

impl<T: Tuning, const W: usize> Pair<T, W> {
    /// Makes the channel in anonymous memory.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn new() -> Result<Self, myelon::Error> {
        let at = myelon::Location::anonymous()?;
        let producer = myelon::ProducerBuilder::<Of<T, W>>::new(&at).build()?;
        let consumer = myelon::ConsumerBuilder::<Of<T, W>>::new(&at, "bench").build()?;
        Ok(Self { producer, consumer })
    }

    /// Publishes `count` events that agree with their sequences; the ring has room for them.
    ///
    /// # Errors
    /// None that a benchmark expects.
    pub fn fill(&mut self, count: u64) -> Result<(), myelon::Error> {
        let first = self.producer.sequence();
        self.producer.publish_batch(count as usize, |index, slot| *slot = event(first + index as u64))?;
        Ok(())
    }

    /// Receives all that is there, without a look at it.
    ///
    /// # Errors
    /// None that a benchmark expects.
    pub fn empty(&mut self) -> Result<(), myelon::Error> {
        self.consumer.drain(|_, _| ())?;
        Ok(())
    }
}
