//! The runtime of myelon. Programs use the `myelon` crate, which re-exports what belongs to users.

#[cfg(windows)]
compile_error!(
    "myelon does not run on Windows: its liveness rests on locks that only Unix kernels give; see the README"
);
#[cfg(not(target_pointer_width = "64"))]
compile_error!(
    "myelon needs a 64-bit target: sequences, lengths and lock offsets are 64 bits wide in shared memory"
);

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
mod sync;
pub mod wait;
