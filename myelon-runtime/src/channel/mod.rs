//! MOCK: stands in for the typed channel, with the names that the macros need and no behaviour at all.
//! Only `check` and `macros` are real.
#![allow(missing_docs, clippy::missing_errors_doc, clippy::needless_pass_by_value, reason = "mock")]

pub mod check;
mod macros;

use core::fmt;
use core::marker::PhantomData;
use core::ops::DerefMut;

use crate::event::RingEvent;

pub trait Channel: Sized + 'static {
    type Event: RingEvent;
    type Slots;
    type Producer: From<Producer<Self::Event, Self::Slots>>
        + DerefMut<Target = Producer<Self::Event, Self::Slots>>;
    type Consumer: From<Consumer<Self::Event, Self::Slots>>
        + DerefMut<Target = Consumer<Self::Event, Self::Slots>>;
    const CONFIG: ChannelConfig;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelConfig {
    pub name: &'static str,
    pub capacity: u64,
    pub max_consumers: u32,
    pub version: u64,
    pub wait: WaitStrategy,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WaitStrategy {
    Spin,
    Yield,
    Park,
    #[default]
    Adaptive,
}

#[derive(Debug)]
pub struct Stamped;
#[derive(Debug)]
pub struct Dense;
#[derive(Debug)]
pub struct ByOptimize<const LATENCY: bool>;
pub trait Select {
    type Slots;
}
impl Select for ByOptimize<true> {
    type Slots = Stamped;
}
impl Select for ByOptimize<false> {
    type Slots = Dense;
}

/// Without the bound `E: RingEvent`, so that a payload that is none is told once, at `type Event`.
pub const fn default_latency<E>() -> bool {
    size_of::<E>() <= 56
}

#[derive(Debug)]
pub struct Location;
pub trait IntoLocation {
    fn into_location(self) -> Location;
}
impl IntoLocation for &str {
    fn into_location(self) -> Location {
        Location
    }
}

macro_rules! mock {
    ($($end:ident $builder:ident $error:ident ($($id:tt)*);)*) => {$(
        pub struct $end<E, D>(PhantomData<fn() -> (E, D)>);
        pub struct $builder<C: Channel>(PhantomData<fn() -> C>);
        #[derive(Debug)]
        pub struct $error;
        impl<E, D> $end<E, D> {
            pub fn close(self) {}
            pub fn detach(self) {}
        }
        impl<C: Channel> $builder<C> {
            pub fn new(_at: impl IntoLocation $($id)*) -> Self { Self(PhantomData) }
            pub fn build(self) -> Result<C::$end, $error> { Ok(C::$end::from($end(PhantomData))) }
        }
        impl<E, D> fmt::Debug for $end<E, D> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(stringify!($end)) }
        }
        impl<C: Channel> fmt::Debug for $builder<C> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(C::CONFIG.name) }
        }
    )*};
}
mock! {
    Producer ProducerBuilder CreateError ();
    Consumer ConsumerBuilder AttachError (, _id: &str);
}

impl<E, D> Producer<E, D> {
    pub fn try_publish(&mut self, _event: E) -> Result<u64, CreateError> {
        Ok(0)
    }
}

#[derive(Debug)]
pub struct Tap<C: Channel>(PhantomData<fn() -> C>);
impl<C: Channel> Tap<C> {
    pub fn attach(_at: impl IntoLocation) -> Result<Self, AttachError> {
        Ok(Self(PhantomData))
    }
}

#[derive(Debug)]
pub struct RemoveError;
pub fn remove(_at: impl IntoLocation) -> Result<(), RemoveError> {
    Ok(())
}
