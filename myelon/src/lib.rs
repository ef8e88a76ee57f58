//! MOCK: the facade as far as the macros need it.
#![forbid(unsafe_code)]

pub use myelon_derive::{RingEvent, channel};
#[doc(hidden)]
pub use myelon_runtime::__private;
pub use myelon_runtime::channel::{
    AttachError, Channel, ChannelConfig, Consumer, ConsumerBuilder, CreateError, Producer, ProducerBuilder, Tap,
    WaitStrategy,
};
pub use myelon_runtime::event::{Field, Fingerprint, Kind, Primitive, RingEvent, Schema, Variant};
