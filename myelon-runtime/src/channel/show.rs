//! How the enum that a lease of an `enum` channel gives shows itself for debugging: its kind. What a message holds need
//! not be `Debug`.

use core::fmt;

/// `Tick(..)`.
#[doc(hidden)]
pub fn show_message<T: ?Sized>(f: &mut fmt::Formatter<'_>, kind: &str, _message: &T) -> fmt::Result {
    f.debug_tuple(kind).finish_non_exhaustive()
}

/// `Unknown { kind: 7, len: 64 }`.
#[doc(hidden)]
pub fn show_unknown(f: &mut fmt::Formatter<'_>, kind: u16, bytes: &[u8]) -> fmt::Result {
    f.debug_struct("Unknown").field("kind", &kind).field("len", &bytes.len()).finish()
}
