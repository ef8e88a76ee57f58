#![cfg_attr(docsrs, feature(doc_cfg))]
//! The runtime of myelon. Programs use the `myelon` crate, which re-exports what belongs to users.

#[cfg(windows)]
compile_error!(
    "myelon does not run on Windows: its liveness rests on locks that only Unix kernels give; see the README"
);
#[cfg(not(target_pointer_width = "64"))]
compile_error!(
    "myelon needs a 64-bit target: sequences, lengths and lock offsets are 64 bits wide in shared memory"
);

#[cfg(not(loom))]
#[doc(hidden)]
pub mod __private;
#[cfg(not(loom))]
pub mod channel;
#[cfg(not(loom))]
pub mod codec;
#[cfg(not(loom))]
pub mod consumer;
#[cfg(not(loom))]
pub mod counters;
#[cfg_attr(loom, allow(unused, reason = "models reach a part of it"))]
pub mod event;
#[cfg_attr(loom, allow(unused, reason = "models reach a part of it"))]
pub mod lifecycle;
#[cfg(not(loom))]
pub mod liveness;
#[cfg(not(loom))]
pub mod location;
#[cfg(not(loom))]
pub mod message;
#[cfg(test)]
#[cfg(loom)]
mod models;
#[cfg(not(loom))]
mod os;
#[cfg(not(loom))]
pub mod producer;
#[cfg_attr(loom, allow(unused, reason = "models reach a part of it"))]
pub mod ring;
#[cfg(not(loom))]
pub mod segment;
#[cfg_attr(loom, allow(unused, reason = "models reach a part of it"))]
mod sync;
#[cfg_attr(loom, allow(unused, reason = "models reach a part of it"))]
pub mod wait;

#[cfg(not(loom))]
pub use os::cpu::pin_current_thread;
