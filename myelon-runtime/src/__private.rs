//! What the macros' expansions name, and nobody else: no part of the public interface, and free to change
//! in any release (the three crates are pinned to each other).

pub use bytemuck;
pub use core;

pub use crate::__myelon_consumer as consumer;
pub use crate::__myelon_marker as marker;
pub use crate::__myelon_message_consumer as message_consumer;
pub use crate::__myelon_message_enum_producer as message_enum_producer;
pub use crate::__myelon_message_marker as message_marker;
pub use crate::__myelon_message_producer as message_producer;
pub use crate::__myelon_producer as producer;
pub use crate::channel::check;
pub use crate::channel::{
    ByOptimize, Channel, ChannelConfig, ConsumerBuilder, ConsumerOptions, Declared, MessageChannel,
    MessageConfig, ProducerBuilder, ProducerOptions, Select, Tap, default_latency, open, remove,
};
pub use crate::codec::{self, DecodeError};
pub use crate::consumer::Consumer;
pub use crate::event::layout;
pub use crate::event::{Field, Kind, LaneShape, Primitive, RingEvent, Schema, Variant};
pub use crate::location::IntoLocation;
pub use crate::message::{
    Format, Frames, InPlace, MessageConsumer, MessageProducer, Owned, RecordConsumer, RecordProducer, Trust,
};
pub use crate::producer::Producer;
pub use crate::ring::{Dense, Stamped};
pub use crate::segment::{AttachError, CreateError, RemoveError};
pub use crate::wait::WaitStrategy;
