//! What the macros' expansions name, and nobody else: no part of the public interface, and free to change
//! in any release (the three crates are pinned to each other).

pub use bytemuck;
pub use core;

pub use crate::__myelon_consumer as consumer;
pub use crate::__myelon_marker as marker;
pub use crate::__myelon_producer as producer;
pub use crate::channel::check;
pub use crate::channel::{
    AttachError, ByOptimize, Channel, ChannelConfig, Consumer, ConsumerBuilder, CreateError, IntoLocation, Producer,
    ProducerBuilder, RemoveError, Select, Tap, WaitStrategy, default_latency, remove,
};
pub use crate::event::layout;
pub use crate::event::{Field, Kind, Primitive, RingEvent, Schema, Variant};
