//! One real expansion, rendered: what `#[derive(RingEvent)]` and `#[myelon::channel]` generate.
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
