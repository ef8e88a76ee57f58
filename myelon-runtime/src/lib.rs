//! The runtime of myelon. Programs use the `myelon` crate, which re-exports what belongs to users.

pub mod event;
#[cfg(not(loom))]
pub mod liveness;
#[cfg(not(loom))]
#[allow(dead_code, reason = "the segment module, its user, comes next")]
mod os;
pub mod ring;
#[cfg(not(loom))]
#[allow(dead_code, reason = "the ends, its users, come next")]
pub mod segment;
mod sync;
#[allow(dead_code, reason = "the ends, its users, come next")]
mod wait;
