//! Every generated item has docs and `Debug`, lint attributes reach all of them, and no lint of the user's fires.
#![deny(missing_docs, missing_debug_implementations, missing_copy_implementations, warnings)]
#![forbid(dead_code, deprecated, unused_qualifications)]

use std::fmt::Debug;

/// A trade.
#[derive(myelon::RingEvent, Clone, Copy, Debug)]
#[repr(C)]
pub struct Tick {
    /// In cents.
    pub price: u64,
}

/// Every trade of the day.
///
/// In two paragraphs.
#[myelon::channel(capacity = 8)]
#[allow(clippy::all, reason = "to see that it is passed on")]
#[warn(unused_mut)]
#[doc = "And a third one."]
#[doc(alias = "trades")]
pub struct Ticks(Tick);

/// What is expected of the item is allowed on the others.
#[myelon::channel(capacity = 8)]
#[expect(non_camel_case_types, reason = "a name as in C")]
pub struct ticks_t(Tick);

/// With declared consumers, of all sorts of names.
#[myelon::channel(
    capacity = 8,
    consumers(journal(required(stall = "1 s", on_death = evict)), RISK, x_1_y, __a(required), größe(lossy)),
    declared_only,
)]
#[allow(clippy::all, reason = "to see that it is passed on")]
#[doc(alias = "watched")]
pub struct Watched(Tick);

/// Every order of the day.
#[myelon::channel(codec = postcard, capacity = "1 KiB")]
#[doc(alias = "orders")]
pub struct Orders(u64);

/// All that happens.
#[myelon::channel(capacity = "1 KiB", evolves = true)]
#[allow(clippy::all, reason = "to see that it is passed on")]
pub enum Feed {
    /// A trade.
    Tick(Tick),
    #[zero_copy(rkyv)]
    Number(u64),
    /// Not used by anybody.
    #[expect(non_camel_case_types, reason = "a name as in C")]
    note_t([u8]),
}

/// Nobody uses its lanes, and nobody reads what its messages hold.
#[myelon::channel(capacity = "1 KiB")]
enum Unused {
    Tick(Tick),
    #[codec(postcard)]
    Text(String),
}

/// Nobody uses its ids, nor what attaches them.
#[myelon::channel(capacity = 8, consumers(journal(required), copy))]
struct UnusedIds(Tick);

fn is_debug<T: Debug + Send>() {}

fn main() {
    is_debug::<TicksProducer>();
    is_debug::<TicksConsumer>();
    is_debug::<OrdersProducer>();
    is_debug::<OrdersConsumer>();
    is_debug::<FeedProducer>();
    is_debug::<FeedConsumer>();
    is_debug::<FeedRef<'_>>();
    is_debug::<WatchedConsumerId>();
    is_debug::<WatchedLossyConsumer>();
    let _ = UnusedIds::remove("docs-and-lints-none");
    let _ = Unused::remove("docs-and-lints-none");
}
