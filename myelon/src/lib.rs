//! Typed channels between processes.
pub use myelon_runtime::*;
