//! Typed channels between processes.
#![forbid(unsafe_code)]

pub use myelon_derive::{RingEvent, channel};
pub use myelon_runtime::*;
