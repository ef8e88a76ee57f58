//! myelon: both ways to optimise, with the default wait and with one that only spins; all else is the default.
//!
//! The channels are generic over the size of the event, so they implement by hand what `#[myelon::channel]` would
//! generate: a marker with its constants, and two newtypes.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use myelon::{
    Channel, ChannelConfig, ConsumerBuilder, Dense, Discipline, ProducerBuilder, Stamped, WaitStrategy,
};
use myelon_bench::{Words, difference, event};

use super::{CAPACITY, Place, Rx, Subject, Tx};

/// How a channel is tuned.
pub(crate) trait Tuning: std::fmt::Debug + 'static {
    type Slots: Discipline;
    const WAIT: WaitStrategy = WaitStrategy::Adaptive;
}

macro_rules! tunings {
    ($($name:ident: $slots:ty $(, $wait:expr)?;)*) => { $(
        #[derive(Debug)]
        pub(crate) enum $name {}
        impl Tuning for $name {
            type Slots = $slots;
            $(const WAIT: WaitStrategy = $wait;)?
        }
    )* };
}

tunings! {
    Latency: Stamped;
    Throughput: Dense;
    LatencySpin: Stamped, WaitStrategy::Spin;
    ThroughputSpin: Dense, WaitStrategy::Spin;
}

/// The subject.
#[derive(Debug)]
pub(crate) struct Ours<T>(PhantomData<T>);

/// The marker of the channel whose events have `8 * W` bytes.
#[derive(Debug)]
pub(crate) struct Of<T, const W: usize>(PhantomData<T>);

#[derive(Debug)]
pub(crate) struct Producer<T: Tuning, const W: usize>(myelon::Producer<Words<W>, T::Slots>);

#[derive(Debug)]
pub(crate) struct Consumer<T: Tuning, const W: usize>(myelon::Consumer<Words<W>, T::Slots>);

impl<T: Tuning, const W: usize> Channel for Of<T, W> {
    type Event = Words<W>;
    type Slots = T::Slots;
    type Producer = Producer<T, W>;
    type Consumer = Consumer<T, W>;
    const CONFIG: ChannelConfig =
        ChannelConfig { name: "compare", capacity: CAPACITY, max_consumers: 16, version: 0, wait: T::WAIT };
}

macro_rules! end {
    ($end:ident, $inner:ident) => {
        impl<T: Tuning, const W: usize> From<myelon::$inner<Words<W>, T::Slots>> for $end<T, W> {
            fn from(inner: myelon::$inner<Words<W>, T::Slots>) -> Self {
                Self(inner)
            }
        }

        impl<T: Tuning, const W: usize> Deref for $end<T, W> {
            type Target = myelon::$inner<Words<W>, T::Slots>;

            #[inline(always)]
            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl<T: Tuning, const W: usize> DerefMut for $end<T, W> {
            #[inline(always)]
            fn deref_mut(&mut self) -> &mut Self::Target {
                &mut self.0
            }
        }
    };
}

end!(Producer, Producer);
end!(Consumer, Consumer);

fn name(place: &Place, channel: &str) -> String {
    format!("{}-{channel}", place.token)
}

impl<T: Tuning> Subject for Ours<T> {
    type Tx<const W: usize> = Producer<T, W>;
    type Rx<const W: usize> = Consumer<T, W>;

    fn create<const W: usize>(place: &Place, channel: &str) -> Producer<T, W> {
        ProducerBuilder::<Of<T, W>>::new(name(place, channel)).build().expect("a channel")
    }

    fn attach<const W: usize>(place: &Place, channel: &str, index: usize) -> Consumer<T, W> {
        ConsumerBuilder::<Of<T, W>>::new(name(place, channel), &format!("c{index}"))
            .build()
            .expect("the channel")
    }
}

impl<T: Tuning, const W: usize> Tx for Producer<T, W> {
    #[inline(always)]
    fn publish(&mut self, sequence: u64) {
        self.0.publish(event(sequence)).expect("room");
    }

    #[inline(always)]
    fn publish_batch(&mut self, first: u64, count: u64) {
        self.0
            .publish_batch(count as usize, |index, slot| *slot = event(first + index as u64))
            .expect("room");
    }
}

impl<T: Tuning, const W: usize> Rx for Consumer<T, W> {
    #[inline(always)]
    fn recv(&mut self, sequence: u64) -> u64 {
        let lease = self.0.recv().expect("an event").expect("an open channel");
        difference(&*lease, sequence)
    }

    #[inline(always)]
    fn drain(&mut self, next: u64, wrong: &mut u64) -> u64 {
        let mut sequence = next;
        let mut bits = 0;
        let count = self.0.drain(|event, _| {
            bits |= difference(event, sequence);
            sequence += 1;
        });
        *wrong |= bits;
        count.expect("events")
    }
}
