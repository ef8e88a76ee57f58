//! What the macros' expansions name, and nobody else: no part of the public interface, and free to change
//! in any release (the three crates are pinned to each other).

pub use bytemuck;
pub use core;
pub use std::string::String;
pub use std::vec::Vec;

pub use crate::__myelon_consumer as consumer;
pub use crate::__myelon_consumer_ids as consumer_ids;
pub use crate::__myelon_declared_consumer as declared_consumer;
pub use crate::__myelon_end as end;
pub use crate::__myelon_marker as marker;
pub use crate::__myelon_message_consumer as message_consumer;
pub use crate::__myelon_message_enum_producer as message_enum_producer;
pub use crate::__myelon_message_marker as message_marker;
pub use crate::__myelon_message_producer as message_producer;
#[cfg(not(feature = "bincode"))]
pub use crate::__myelon_no_bincode as needs_bincode;
#[cfg(not(feature = "flatbuffers"))]
pub use crate::__myelon_no_flatbuffers as needs_flatbuffers;
#[cfg(not(feature = "postcard"))]
pub use crate::__myelon_no_postcard as needs_postcard;
#[cfg(not(feature = "rkyv"))]
pub use crate::__myelon_no_rkyv as needs_rkyv;
#[cfg(feature = "bincode")]
pub use crate::__myelon_on as needs_bincode;
#[cfg(feature = "flatbuffers")]
pub use crate::__myelon_on as needs_flatbuffers;
#[cfg(feature = "postcard")]
pub use crate::__myelon_on as needs_postcard;
#[cfg(feature = "rkyv")]
pub use crate::__myelon_on as needs_rkyv;
pub use crate::__myelon_producer as producer;
#[cfg(not(feature = "flatbuffers"))]
pub use crate::channel::Family;
pub use crate::channel::check;
pub use crate::channel::{
    ByOptimize, Channel, ChannelConfig, ConsumerBuilder, ConsumerOptions, Declared, LossyBuilder,
    LossyOptions, MessageChannel, MessageConfig, MessageTap, Packing, ProducerBuilder, ProducerOptions,
    Select, Tap, UnknownConsumer, default_latency, open, remove, show_message, show_unknown,
};
#[cfg(feature = "flatbuffers")]
pub use crate::codec::Family;
pub use crate::codec::{self, DecodeError};
pub use crate::consumer::{Consumer, LossyConsumer};
pub use crate::counters::Health;
pub use crate::event::layout;
pub use crate::event::{Field, Kind, LaneShape, Primitive, RingEvent, Schema, Variant};
pub use crate::lifecycle::History;
pub use crate::liveness::{DeclaredConsumer, Loss, OnDeath, OnFailure, Required, Role, StartWhen};
pub use crate::location::IntoLocation;
#[cfg(feature = "flatbuffers")]
pub use crate::message::Tables;
pub use crate::message::{
    Format, Frames, Give, GiveCopy, GivesCopy, InPlace, MessageConsumer, MessageLossyConsumer,
    MessageProducer, Owned, RecordConsumer, RecordProducer, Single, Trust,
};
pub use crate::producer::Producer;
pub use crate::ring::{Dense, Stamped};
pub use crate::segment::{AttachError, CreateError, RemoveError};
#[cfg(myelon_crash)]
pub use crate::sync::crash::{at_each_point, only_named_files};
pub use crate::wait::WaitStrategy;
