//! The runtime of myelon. Programs use the `myelon` crate, which re-exports what belongs to users.

pub mod event;

pub mod channel;
#[doc(hidden)]
pub mod __private;

