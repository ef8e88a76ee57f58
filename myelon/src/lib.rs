#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
//! Typed channels between processes through shared memory, declared with macros.
//!
//! Annotate a struct, declare a channel, and two or more processes on one machine exchange events through memory
//! that they share: every consumer sees every event, in order, and the slowest one holds the producer back.
//!
//! ```
//! use myelon::RingEvent;
//!
//! #[derive(RingEvent, Clone, Copy, Debug, PartialEq)]
//! #[repr(C)]
//! pub struct Tick {
//!     pub ts_ns: u64,
//!     pub price: f64,
//!     pub qty: u32,
//!     pub side: Side,
//!     pub _pad: [u8; 3],
//! }
//!
//! #[derive(RingEvent, Clone, Copy, Debug, PartialEq)]
//! #[repr(u8)]
//! pub enum Side {
//!     Bid = 1,
//!     Ask = 2,
//! }
//!
//! /// Every trade of the day.
//! #[myelon::channel(capacity = 4096)]
//! pub struct Ticks(Tick);
//!
//! # fn main() -> Result<(), myelon::Error> {
//! // One process. Here both ends live in one, so the memory needs no name.
//! let at = myelon::Location::anonymous()?;
//! let mut tx = Ticks::create(&at)?;
//! // Another one: the id says who it is, also after a restart.
//! let mut rx = Ticks::attach(&at, "risk")?;
//!
//! tx.publish(Tick { qty: 7, ..Tick::BLANK })?;
//! tx.publish_with(|slot| slot.qty = 8)?;
//! tx.close();
//!
//! while let Some(tick) = rx.recv()? {
//!     println!("{} {}", tick.sequence(), tick.qty);
//! }
//! # Ok(()) }
//! ```
//!
//! # Where to look
//! | for | see |
//! |---|---|
//! | what may travel | [`RingEvent`] and its derive |
//! | declaring a channel, all options, all generated items | [`channel`] and a rendered expansion in [`example`] |
//! | publishing, waiting for consumers | [`Producer`] |
//! | receiving one, many, or waiting | [`Consumer`] |
//! | names, files, anonymous memory, handing a channel to a child | [`Location`] |
//! | run-time options of both ends | [`ProducerBuilder`], [`ConsumerBuilder`] |
//! | watching a channel without disturbing it | [`Tap`], [`Snapshot`] |
//!
//! # Promises
//! Each has tests that can fail.
//!
//! 1. Nothing is lost, reordered, duplicated or torn between a producer and a consumer while both live.
//! 2. A process may be killed at any instruction. Within 100 ms of waiting the others go on or get a typed error that
//!    names the culprit, and the next `create` or `attach` needs no cleaning up. Paused is not dead: only the
//!    kernel's word that a process is gone takes anything away from it.
//! 3. Memory is reserved when a channel is created: a full `/dev/shm` is an error there, never a signal later.
//! 4. No half-made segment is ever visible under its name, and none is truncated under a live peer.
//! 5. Peers that disagree on the layout never talk; the error prints both layouts, field by field.
//! 6. Nothing read from shared memory can cause a panic, undefined behaviour or an unbounded allocation in a peer
//!    that cooperates.
//! 7. The library never prints and reads no environment variable.
//! 8. An idle consumer with the default wait uses next to no CPU, and still wakes within tens of microseconds.
//!
//! Peers run under one user id and cooperate; they may be buggy, stale, paused or killed, but not hostile.

pub use myelon_derive::{RingEvent, channel};
pub use myelon_runtime::channel::{
    Channel, ChannelConfig, ConsumerBuilder, Declared, Error, MessageChannel, MessageConfig, ProducerBuilder,
    Tap, TapError, remove,
};
pub use myelon_runtime::codec;
pub use myelon_runtime::consumer::{
    Batch, BatchIter, Consumer, Lease, Meta, RecvError, RecvTimeoutError, TryRecvError,
};
pub use myelon_runtime::counters::{
    AppCount, AppTally, ConsumerSnapshot, ConsumerState, ProducerSnapshot, Snapshot,
};
pub use myelon_runtime::event::{Field, Fingerprint, Kind, LaneShape, Primitive, RingEvent, Schema, Variant};
pub use myelon_runtime::liveness::OnConsumerDeath;
pub use myelon_runtime::location::{
    DirectoryProblem, FileKind, InheritableLocation, IntoLocation, Location, LocationError,
};
pub use myelon_runtime::message::{
    DecodeInto, Encode, Format, Frames, Give, GiveCopy, InPlace, Lane, MessageBatch, MessageClaim,
    MessageConsumer, MessageLease, MessageMeta, MessageProducer, Owned, RecordConsumer, RecordProducer,
    Single,
};
#[cfg(feature = "flatbuffers")]
pub use myelon_runtime::message::{Tables, Verified};
pub use myelon_runtime::pin_current_thread;
pub use myelon_runtime::producer::{
    Blocker, Claim, Full, Producer, PublishError, PublishTimeoutError, SliceError, TryPublishError,
    UninitClaim, WaitConsumersError,
};
pub use myelon_runtime::ring::{Dense, Discipline, Sequence, Stamped, Start};
pub use myelon_runtime::segment::{
    AttachError, CreateError, Granted, HeaderError, LayoutDiff, OwnedField, OwnedKind, OwnedLane,
    OwnedSchema, OwnedVariant, Placement, PlacementReport, RemoveError, Side,
};
pub use myelon_runtime::wait::{Stopper, WaitStrategy};

#[cfg(feature = "flatbuffers")]
pub use flatbuffers;
#[cfg(feature = "postcard")]
pub use postcard;
#[cfg(feature = "rkyv")]
pub use rkyv;

#[doc(hidden)]
pub use myelon_runtime::__private;

#[cfg(any(doc, test))]
pub mod example;

/// What most programs use.
pub mod prelude {
    pub use crate::{
        Channel, Error, Location, OnConsumerDeath, RecvError, RingEvent, Start, Stopper, WaitStrategy,
    };
}

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct ReadmeDoctests;
