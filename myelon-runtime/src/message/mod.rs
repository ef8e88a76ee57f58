//! Messages of any length: records in a ring of bytes, and channels of them.

mod format;

pub use format::{DecodeInto, Encode, Format, Give, InPlace, Lane, Owned, Single, Trust};
