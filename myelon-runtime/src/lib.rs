//! The runtime of myelon. Programs use the `myelon` crate, which re-exports what belongs to users.

#[cfg(target_os = "windows")]
compile_error!("myelon does not run on Windows: it stands on open-file-description locks and shared futexes");
#[cfg(not(target_pointer_width = "64"))]
compile_error!("myelon needs a 64-bit platform: sequences are 64-bit words that must be loaded at once");

#[cfg(not(loom))]
#[allow(dead_code, reason = "the ends, its users, come next")]
pub mod counters;
pub mod event;
#[cfg(not(loom))]
pub mod liveness;
#[cfg(not(loom))]
#[allow(dead_code, reason = "the segment module, its user, comes next")]
pub mod location;
#[cfg(not(loom))]
#[allow(dead_code, reason = "the segment module, its user, comes next")]
mod os;
pub mod ring;
#[cfg(not(loom))]
#[allow(dead_code, reason = "the ends, its users, come next")]
pub mod segment;
mod sync;
pub mod wait;
