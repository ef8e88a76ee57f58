//! The channels under test: every size class, both slot disciplines, and events with invalid bit patterns. Every
//! byte of an event is a function of its sequence, so that nothing can be lost, moved or torn unseen.

use core::num::NonZeroU32;

use myelon::{Batch, Channel, RingEvent};

/// A good mixer of one word.
pub fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// Word `index` of the event or message `sequence`.
pub(crate) fn word(sequence: u64, index: u64) -> u64 {
    mix(sequence.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(index.wrapping_mul(0x1234_5677)) | 1)
}

/// An event whose bytes all follow from its sequence.
pub trait TestEvent: RingEvent + PartialEq + core::fmt::Debug {
    fn make(sequence: u64) -> Self;
}

macro_rules! events {
    ($($name:ident: [$unit:ty; $count:literal];)*) => {$(
        #[derive(RingEvent, Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(C)]
        pub struct $name {
            pub units: [$unit; $count],
        }

        impl TestEvent for $name {
            fn make(sequence: u64) -> Self {
                let mut units = [0; $count];
                for (index, unit) in units.iter_mut().enumerate() {
                    *unit = word(sequence, index as u64) as $unit;
                }
                Self { units }
            }
        }
    )*};
}

events! {
    Bytes1: [u8; 1];
    Bytes3: [u8; 3];
    Words8: [u64; 1];
    Words24: [u64; 3];
    Words56: [u64; 7];
    Words64: [u64; 8];
    Words256: [u64; 32];
}

/// One side of a trade.
#[derive(RingEvent, Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Side {
    Bid = 1,
    Ask = 2,
}

/// How bad.
#[derive(RingEvent, Clone, Copy, PartialEq, Eq, Debug)]
#[repr(i32)]
pub enum Level {
    Low = -7,
    High = 1 << 20,
}

/// An event that not every bit pattern is a value of.
#[derive(RingEvent, Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Checked {
    pub number: u64,
    pub side: Side,
    pub flag: bool,
    pub pad: [u8; 2],
    pub letter: char,
    pub maybe: Option<NonZeroU32>,
    pub level: Level,
}

impl TestEvent for Checked {
    fn make(sequence: u64) -> Self {
        let bits = word(sequence, 1);
        Self {
            number: word(sequence, 0),
            side: if bits & 1 == 0 { Side::Bid } else { Side::Ask },
            flag: bits & 2 == 0,
            pad: [(bits >> 8) as u8, (bits >> 16) as u8],
            letter: char::from_u32((bits >> 32) as u32 % 0xd800).unwrap_or('x'),
            maybe: NonZeroU32::new((bits >> 24) as u32 & 0xff),
            level: if bits & 4 == 0 { Level::Low } else { Level::High },
        }
    }
}

/// What tests need of a channel beside what [`Channel`] has: the calls that consume a generated end, and all
/// ways to walk through a batch.
pub trait TestChannel: Channel<Event: TestEvent, Producer: Send, Consumer: Send> {
    fn detach_producer(producer: Self::Producer);
    fn detach_consumer(consumer: Self::Consumer);
    fn close_producer(producer: Self::Producer);
    fn close_consumer(consumer: Self::Consumer);
    /// As slices where slots are dense, else one by one.
    fn slices(batch: &mut Batch<'_, Self::Event, Self::Slots>, each: &mut dyn FnMut(&Self::Event));
}

/// Something to be done with a channel that is known by its name.
pub trait Visit {
    type Output;
    fn visit<C: TestChannel>(self) -> Self::Output;
}

macro_rules! channels {
    ($($name:ident($event:ident) $optimize:ident;)*) => {
        $(
            #[myelon::channel(capacity = 64, optimize = $optimize)]
            pub struct $name($event);

            channels!(@tested $name, $optimize);
        )*

        /// The name of every channel, as the helper knows it.
        pub const ALL: &[&str] = &[$(stringify!($name)),*];

        /// Runs `visitor` with the channel that has this name.
        pub fn visit<V: Visit>(name: &str, visitor: V) -> V::Output {
            match name {
                $(stringify!($name) => visitor.visit::<$name>(),)*
                "Few" => visitor.visit::<Few>(),
                other => panic!("no channel `{other}`"),
            }
        }
    };
    (@tested $name:ident, $optimize:ident) => {
        impl TestChannel for $name {
            fn detach_producer(producer: Self::Producer) { producer.detach(); }
            fn detach_consumer(consumer: Self::Consumer) { consumer.detach(); }
            fn close_producer(producer: Self::Producer) { producer.close(); }
            fn close_consumer(consumer: Self::Consumer) { consumer.close(); }
            fn slices(batch: &mut Batch<'_, Self::Event, Self::Slots>, each: &mut dyn FnMut(&Self::Event)) {
                channels!(@walk $optimize, batch, each);
            }
        }
    };
    (@walk latency, $batch:ident, $each:ident) => {
        for event in $batch { $each(event); }
    };
    (@walk throughput, $batch:ident, $each:ident) => {
        let (head, tail) = $batch.slices();
        head.iter().chain(tail).for_each($each);
    };
}

// The first letter is the discipline: `latency` is stamped, `throughput` is dense.
channels! {
    L1(Bytes1) latency;
    L8(Words8) latency;
    L24(Words24) latency;
    L56(Words56) latency;
    L256(Words256) latency;
    LChecked(Checked) latency;
    D1(Bytes1) throughput;
    D3(Bytes3) throughput;
    D8(Words8) throughput;
    D64(Words64) throughput;
    D256(Words256) throughput;
    DChecked(Checked) throughput;
}

/// With all defaults but a small registry.
#[myelon::channel(capacity = 16, max_consumers = 2)]
pub struct Few(Words8);

channels!(@tested Few, latency);
