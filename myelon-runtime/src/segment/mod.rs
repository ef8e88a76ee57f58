//! One file per channel: typed views of its bytes.

mod codec;
pub(crate) mod geometry;
pub(crate) mod header;
pub(crate) mod layout;
pub(crate) mod page;

pub use header::HeaderError;
