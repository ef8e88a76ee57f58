//! The runtime of myelon. Programs use the `myelon` crate, which re-exports what belongs to users.

pub mod event;
#[cfg(not(loom))]
pub mod liveness;
#[cfg(all(loom, test))]
mod models;
pub mod ring;
mod sync;
#[cfg(loom)]
mod wait;
