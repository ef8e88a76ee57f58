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
