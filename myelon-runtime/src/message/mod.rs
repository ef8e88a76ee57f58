//! Messages of any length: records in a ring of bytes, and channels of them.

mod format;
#[cfg(feature = "flatbuffers")]
mod tables;

pub use format::{DecodeInto, Encode, Format, Give, InPlace, Lane, Owned, Single, Trust};
#[cfg(feature = "flatbuffers")]
pub use tables::{Tables, Verified};
