//! What the macros' expansions name, and nobody else: no part of the public interface, and free to change
//! in any release (the three crates are pinned to each other).

pub use bytemuck;
pub use core;

pub use crate::__myelon_consumer as consumer;
pub use crate::__myelon_marker as marker;
pub use crate::__myelon_producer as producer;
pub use crate::channel::check;
pub use crate::channel::{
    ByOptimize, Channel, ChannelConfig, ConsumerBuilder, ProducerBuilder, Select, Tap, default_latency,
    remove,
};
pub use crate::consumer::Consumer;
pub use crate::event::layout;
pub use crate::event::{Field, Kind, Primitive, RingEvent, Schema, Variant};
pub use crate::location::IntoLocation;
pub use crate::producer::Producer;
pub use crate::ring::{Dense, Stamped};
pub use crate::segment::{AttachError, CreateError, RemoveError};
pub use crate::wait::WaitStrategy;
