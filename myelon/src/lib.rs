#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
//! Typed channels between processes through shared memory, declared with macros.
//!
//! Annotate a struct, declare a channel, and two or more processes on one machine exchange events through memory
//! that they share: every consumer sees every event, in order, and the slowest one holds the producer back. What has no
//! fixed size travels as [messages](#messages).
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
//! # Messages
//! Events have one type and one fixed size, and are the fastest. Everything else travels as *messages* of any length, in
//! a ring of bytes. A message takes 16 bytes more than its own, rounded up to 16. (With `timestamps` it takes 16
//! more. With `optimize = latency` round trips are shorter, and it takes more room.)
//!
//! ```
//! /// Lines of up to 64 MiB, in a ring of 4 MiB.
//! #[myelon::channel(capacity = "4 MiB", max_message = "64 MiB")]
//! pub struct Log([u8]);
//!
//! # fn main() -> Result<(), myelon::Error> {
//! # let at = myelon::Location::anonymous()?;
//! let mut tx = Log::create(&at)?;
//! let mut rx = Log::attach(&at, "copy")?;
//!
//! tx.publish(b"copied into the ring")?;
//! tx.publish_with(5, |bytes| bytes.copy_from_slice(b"there"))?; // written there: five bytes
//! let mut claim = tx.claim(80)?; // the same in two steps: at most 80, as many as turn out
//! claim[..2].copy_from_slice(b"ok");
//! claim.commit(2)?;
//! tx.publish_slice(&[b"many".as_slice(), b"at once", b""])?;
//! tx.publish_kind(7, b"a number of the program's own goes along")?;
//! tx.close();
//!
//! assert_eq!(rx.recv()?.as_deref(), Some(&b"copied into the ring"[..]));
//! while rx.drain(|line: &[u8], meta| println!("{} {} {}", meta.sequence, meta.kind, line.len()))? > 0 {}
//! # Ok(()) }
//! ```
//!
//! Publishing and receiving have the same forms and names as for events, each blocking, `try_`, `_timeout` and `_deadline`.
//! Consumers read in the ring, at addresses that are multiples of 16. Only a message that is longer than a quarter of the
//! ring goes in pieces: each consumer joins them in memory of its own, and a message may so be longer than the ring.
//! A message that is not whole, or cannot be read, is an error with its sequence, and the stream goes on after it.
//!
//! Several kinds on one channel arrive in one order. The producer has a lane for each; what is received is matched on:
//!
//! ```
//! # use myelon::RingEvent;
//! # #[derive(RingEvent, Clone, Copy, Debug, PartialEq)]
//! # #[repr(C)]
//! # pub struct Tick { pub price: u64 }
//! #[myelon::channel(capacity = "1 MiB", timestamps = true)]
//! pub enum Feed {
//!     /// One event.
//!     Tick(Tick),
//!     /// Any number of them.
//!     #[codec(pod)]
//!     History([Tick]),
//!     /// Bytes as they are.
//!     Note([u8]),
//! }
//!
//! # fn main() -> Result<(), myelon::Error> {
//! # let at = myelon::Location::anonymous()?;
//! let mut tx = Feed::create(&at)?;
//! let mut rx = Feed::attach(&at, "screen")?;
//! tx.tick().publish(&Tick { price: 7 })?;
//! tx.history().publish(&[Tick { price: 5 }, Tick { price: 6 }])?;
//! tx.note().publish(b"that is all")?;
//! tx.close();
//!
//! while let Some(message) = rx.recv()? {
//!     match message.get() {
//!         FeedRef::Tick(tick) => println!("{} after {:?}", tick.price, message.meta().latency()),
//!         FeedRef::History(ticks) => assert_eq!(ticks, [Tick { price: 5 }, Tick { price: 6 }]),
//!         FeedRef::Note(text) => println!("{}", text.escape_ascii()),
//!     }
//! }
//! # Ok(()) }
//! ```
//!
//! # Consumers that matter
//! A consumer gates the producer while it is attached and alive. One that is *required* does so from the first event on,
//! attached or not: its place is kept, and what happens when it is missing, stalls or dies is said in advance.
//!
//! ```
//! # use core::time::Duration;
//! # use myelon::{Loss, OnDeath, OnFailure, Required};
//! # #[myelon::channel(capacity = 64)]
//! # pub struct Ticks(u64);
//! # fn main() -> Result<(), myelon::Error> {
//! # let at = myelon::Location::anonymous()?;
//! let strict = Required::DEFAULT
//!     .startup(Duration::from_secs(10)) // then publishing fails with `StartupTimeout { missing, .. }`
//!     .stall(Duration::from_secs(5)) // alive, in the way, and not moving: an alert
//!     .grace(Duration::from_secs(2)) // then `on_failure`
//!     .on_failure(OnFailure::Shutdown) // `RequiredLost`, for the producer and for all others
//!     .on_death(OnDeath::Wait { time: Some(Duration::from_secs(5)), then: Loss::Evict });
//! let mut tx = Ticks::producer(&at)
//!     .required(["journal"]) // waited for as long as it takes
//!     .require("risk", strict)
//!     .on_alert(|alert| { /* log it */ })
//!     .build()?;
//! tx.publish(7)?; // nobody is attached, and nobody misses it
//! let mut journal = Ticks::attach(&at, "journal")?;
//! assert_eq!(journal.recv()?.as_deref(), Some(&7));
//! assert_eq!(tx.missing(), ["risk"]);
//! # Ok(()) }
//! ```
//!
//! # Formats
//! Values of other types are written straight into the ring in a format. Each is a feature of this crate, which
//! re-exports what it needs under the same name. Two builds compare the format and the name of the type before they talk,
//! not its fields: raise `version` when those change. The name is compared as it is written: an alias is another one.
//!
//! With **`rkyv`** consumers read what lies in the ring, validated before it is lent:
//!
#![cfg_attr(feature = "rkyv", doc = "```")]
#![cfg_attr(not(feature = "rkyv"), doc = "```ignore")]
//! use myelon::rkyv;
//!
//! #[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
//! #[rkyv(crate = myelon::rkyv)]
//! pub struct Book { pub symbol: String, pub bids: Vec<u64> }
//!
//! #[myelon::channel(zero_copy = rkyv, capacity = "16 MiB")]
//! pub struct Books(Book);
//!
//! # fn main() -> Result<(), myelon::Error> {
//! # let at = myelon::Location::anonymous()?;
//! let mut tx = Books::create(&at)?;
//! let mut rx = Books::attach(&at, "risk")?;
//! tx.publish(&Book { symbol: "XYZ".into(), bids: vec![3, 2, 1] })?;
//! let book = rx.recv()?.expect("it was not closed");
//! assert_eq!(book.bids[0], 3); // an `ArchivedBook`: nothing was decoded
//! let owned: Book = book.into_owned()?; // unless somebody asks for it
//! # assert_eq!(owned.symbol, "XYZ");
//! # Ok(()) }
//! ```
//!
//! **`postcard`** writes any type of serde, and consumers get an owned value. `bincode` does the same in the format of its
//! version 1, for programs that have it already.
//!
#![cfg_attr(feature = "postcard", doc = "```")]
#![cfg_attr(not(feature = "postcard"), doc = "```ignore")]
//! #[derive(serde::Serialize, serde::Deserialize, Default)]
//! pub struct Order { pub id: u64, pub account: String }
//!
//! #[myelon::channel(codec = postcard, capacity = "1 MiB")]
//! pub struct Orders(Order);
//!
//! # fn main() -> Result<(), myelon::Error> {
//! # let at = myelon::Location::anonymous()?;
//! let mut tx = Orders::create(&at)?;
//! let mut rx = Orders::attach(&at, "matching")?;
//! tx.publish(&Order { id: 1, account: "a".into() })?;
//! tx.publish(&Order { id: 2, account: "b".into() })?;
//! let order = rx.recv()?.expect("it was not closed").into_owned()?;
//! # assert_eq!(order.id, 1);
//! let mut order = order; // or into a value that is there
//! rx.recv_into(&mut order)?;
//! assert_eq!(order.account, "b");
//! # Ok(()) }
//! ```
//!
//! **`flatbuffers`** builds tables of a schema in the ring, and consumers read them there after they were verified. The code
//! that `flatc --rust` generates needs a dependency on the crate `flatbuffers` of the program's own.
//!
#![cfg_attr(feature = "flatbuffers", doc = "```")]
#![cfg_attr(not(feature = "flatbuffers"), doc = "```ignore")]
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../myelon-runtime/testdata/bestiary_generated.rs"));
//! # use bestiary::{Monster, MonsterArgs};
//! #[myelon::channel(zero_copy = flatbuffers, capacity = "1 MiB")]
//! pub struct Monsters(Monster<'_>);
//!
//! # fn main() -> Result<(), myelon::Error> {
//! # let at = myelon::Location::anonymous()?;
//! let mut tx = Monsters::create(&at)?;
//! let mut rx = Monsters::attach(&at, "screen")?;
//! tx.publish_with(|builder| {
//!     let name = builder.create_string("orc");
//!     Monster::create(builder, &MonsterArgs { name: Some(name), hp: 80, ..Default::default() })
//! })?;
//! let monster = rx.recv()?.expect("it was not closed");
//! assert_eq!((monster.get().name(), monster.get().hp()), ("orc", 80));
//! # Ok(()) }
//! ```
//!
//! Any other format is one `impl` of [`codec::Codec`] or [`codec::ZeroCopy`] away.
//!
//! # Where to look
//! | for | see |
//! |---|---|
//! | what may travel as an event | [`RingEvent`] and its derive |
//! | declaring a channel, all options, all generated items | [`channel`] and rendered expansions in [`example`] |
//! | publishing events, waiting for consumers | [`Producer`] |
//! | receiving one, many, or waiting | [`Consumer`] |
//! | consumers that must not miss anything, and what follows if they fail | [`Required`], [`ProducerBuilder::required`], [`Alert`], [`Lost`] |
//! | publishing messages; what all producers of messages have | [`MessageProducer`]; [`RecordProducer`] |
//! | receiving them; what is told beside a message | [`MessageConsumer`]; [`MessageMeta`] |
//! | how values become bytes, and a format of your own | [`codec`] |
//! | names, files, anonymous memory, handing a channel to a child | [`Location`] |
//! | run-time options of both ends | [`ProducerBuilder`], [`ConsumerBuilder`] |
//! | reading without holding anybody back | [`LossyBuilder`], [`LossyConsumer`], [`MessageLossyConsumer`] |
//! | watching a channel without disturbing it | [`Tap`], [`MessageTap`], [`Snapshot`] |
//! | how a channel is, and what happened to those who took part | [`Health`], [`History`] |
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
//! 5. Peers that disagree on the layout never talk; the error prints both layouts, field by field. (Of what a format
//!    serialises: on the format, the name of the type and the `version`.)
//! 6. Nothing read from shared memory can cause a panic, undefined behaviour or an unbounded allocation in a peer
//!    that cooperates.
//! 7. The library never prints and reads no environment variable.
//! 8. An idle consumer with the default wait uses next to no CPU, and still wakes within tens of microseconds.
//!
//! Peers run under one user id and cooperate; they may be buggy, stale, paused or killed, but not hostile.

pub use myelon_derive::{RingEvent, channel};
pub use myelon_runtime::channel::{
    Channel, ChannelConfig, ConsumerBuilder, Declared, Error, LossyBuilder, MessageChannel, MessageConfig,
    MessageTap, Packing, ProducerBuilder, Tap, TapError, UnknownConsumer, remove,
};
pub use myelon_runtime::codec;
pub use myelon_runtime::consumer::{
    Batch, BatchIter, Consumer, Lease, LossyConsumer, Meta, RecvError, RecvTimeoutError, TryRecvError,
};
pub use myelon_runtime::counters::{
    AppCount, AppTally, ConsumerSnapshot, ConsumerState, Health, ProducerSnapshot, Snapshot,
};
pub use myelon_runtime::event::{Field, Fingerprint, Kind, LaneShape, Primitive, RingEvent, Schema, Variant};
pub use myelon_runtime::lifecycle::{History, LifecycleCause, LifecycleEvent, LifecycleRecord, Participant};
pub use myelon_runtime::liveness::{
    Alert, AlertKind, DeclaredConsumer, Loss, Lost, LostWhy, OnConsumerDeath, OnDeath, OnFailure, Required,
    Role, StartWhen,
};
pub use myelon_runtime::location::{
    DirectoryProblem, FileKind, InheritableLocation, IntoLocation, Location, LocationError,
};
pub use myelon_runtime::message::{
    Encode, Format, Frames, Give, GiveCopy, InPlace, Lane, LossyMessage, MessageBatch, MessageClaim,
    MessageConsumer, MessageLease, MessageLossyConsumer, MessageMeta, MessageProducer, Owned, RecordConsumer,
    RecordProducer, Single,
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
