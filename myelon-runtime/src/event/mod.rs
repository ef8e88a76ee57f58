//! What may travel in a ring: fixed-size plain data with a layout that two processes can compare.
//!
//! Everything here is known at compile time. [`RingEvent`] is implemented by `#[derive(RingEvent)]`, which
//! proves its contract; the primitive types are in [`primitive`], the description of a layout in [`schema`]
//! and its 128-bit digest in [`fingerprint`].
//!
//! # Invariants
//! - **E1** An event has no padding, no pointer and no interior mutability: every byte of it is initialised
//!   and may be read as an integer by any process.
//! - **E2** Unless `CHECKED`, every bit pattern is a valid value.
//! - **E3** `is_valid` reads its argument through raw integers only, so it may look at bytes that are not a
//!   valid value.

mod fingerprint;
#[doc(hidden)]
pub mod layout;
mod primitive;
mod schema;
mod text;

pub use fingerprint::Fingerprint;
pub(crate) use fingerprint::Fnv128;
pub use schema::{Field, Kind, LaneShape, Primitive, Schema, Variant};
pub(crate) use text::Text;

/// A fixed-size event that can be shared between processes byte for byte.
///
/// Implement it with `#[derive(RingEvent)]`, which checks the whole contract at compile time.
///
/// # Safety
/// The implementor promises:
/// 1. (E1) the type has at least one byte, no padding, no pointer, reference or handle, no interior
///    mutability, and its layout does not depend on the build (`repr(C)`, `repr(transparent)` or a
///    primitive representation);
/// 2. (E2) if [`CHECKED`](Self::CHECKED) is false, every bit pattern of that size is a valid value;
/// 3. (E3) [`is_valid`](Self::is_valid) returns true only for bytes that are a valid value, and reads them
///    as integers;
/// 4. [`SCHEMA`](Self::SCHEMA) describes this layout.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a ring event",
    label = "not a ring event",
    note = "a raw channel carries fixed-size plain data: add `#[derive(RingEvent, Clone, Copy)]` and `#[repr(C)]` \
            to a struct, or `#[repr(u8)]` to a field-less enum",
    note = "data of variable length or with pointers travels in a channel of messages: `struct Log([u8]);` for bytes, or \
            any type with `codec = postcard` or `zero_copy = rkyv`"
)]
pub unsafe trait RingEvent: Copy + Send + Sync + 'static {
    /// What a claimed slot holds before it is written: all zero where that is a valid value.
    const BLANK: Self;
    /// The layout: names, canonical types, offsets and sizes.
    const SCHEMA: &'static Schema;
    /// Whether some bit patterns are not valid values (`bool`, `char`, enums). Reads of such events are
    /// checked; reads of all others cost nothing.
    const CHECKED: bool;

    /// Whether the bytes at `at` are a valid value.
    ///
    /// # Safety
    /// 1. `at` is aligned for `Self` and valid for reads of `size_of::<Self>()` initialised bytes, which
    ///    nobody writes during the call. They need not be a valid `Self`.
    unsafe fn is_valid(at: *const Self) -> bool;
}
