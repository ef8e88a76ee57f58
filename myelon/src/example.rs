//! Real expansions, rendered: what `#[derive(RingEvent)]` and `#[myelon::channel]` generate.
//!
//! This module exists only in the documentation. Its source is
//!
//! ```
//! /// A trade.
//! #[derive(myelon::RingEvent, Clone, Copy, Debug)]
//! #[repr(C)]
//! pub struct Tick {
//!     /// When, in nanoseconds of the exchange's clock.
//!     pub ts_ns: u64,
//!     /// At which price.
//!     pub price: f64,
//! }
//!
//! /// Every trade of the day.
//! #[myelon::channel(capacity = 65_536, optimize = latency)]
//! pub struct Ticks(Tick);
//!
//! /// Every quote of the day, for some who must see all of them, and some who need not.
//! #[myelon::channel(
//!     capacity = 65_536,
//!     consumers(
//!         journal(required),
//!         risk(required(stall = "5 s", grace = "2 s", on_failure = shutdown, on_death = wait("5 s"))),
//!         screen,
//!         dash(lossy),
//!     ),
//!     declared_only,
//! )]
//! pub struct Quotes(Tick);
//!
//! /// What there is to say, line by line.
//! #[myelon::channel(capacity = "4 MiB", max_message = "64 MiB")]
//! pub struct Log([u8]);
//!
//! /// All of a day, in one order.
//! #[myelon::channel(capacity = "8 MiB", timestamps = true, evolves = true, owned = true)]
//! pub enum Feed {
//!     /// One trade.
//!     Tick(Tick),
//!     /// The trades of an hour.
//!     #[codec(pod)]
//!     History([Tick]),
//!     /// A word to those who watch.
//!     Note([u8]),
//! }
//! ```

/// A trade.
#[derive(crate::RingEvent, Clone, Copy, Debug)]
#[myelon(crate = crate)]
#[repr(C)]
pub struct Tick {
    /// When, in nanoseconds of the exchange's clock.
    pub ts_ns: u64,
    /// At which price.
    pub price: f64,
}

/// Every trade of the day.
#[crate::channel(capacity = 65_536, optimize = latency, crate = crate)]
pub struct Ticks(Tick);

/// Every quote of the day, for some who must see all of them, and some who need not.
#[crate::channel(
    capacity = 65_536,
    consumers(
        journal(required),
        risk(required(stall = "5 s", grace = "2 s", on_failure = shutdown, on_death = wait("5 s"))),
        screen,
        dash(lossy),
    ),
    declared_only,
    crate = crate
)]
pub struct Quotes(Tick);

/// What there is to say, line by line.
#[crate::channel(capacity = "4 MiB", max_message = "64 MiB", crate = crate)]
pub struct Log([u8]);

/// All of a day, in one order.
#[crate::channel(capacity = "8 MiB", timestamps = true, evolves = true, owned = true, crate = crate)]
pub enum Feed {
    /// One trade.
    Tick(Tick),
    /// The trades of an hour.
    #[codec(pod)]
    History([Tick]),
    /// A word to those who watch.
    Note([u8]),
}
