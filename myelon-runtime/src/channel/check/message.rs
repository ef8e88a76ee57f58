//! What the compiler is asked about the messages of a channel: for each kind, whether its payload can be written in
//! its format. A payload that cannot is told once, in one sentence; [`Carried`](super::Carried) says how.

use crate::codec::ALIGN;
use crate::event::{RingEvent, Text};
use crate::message::Format;

/// The format of the kind of that number: what the items of an `enum` channel call it by.
#[doc(hidden)]
pub trait LaneOf<const KIND: u16> {
    /// A format of one kind.
    type Lane;
}

/// A variant without a word on how it is written.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a ring event, and its variant does not say how else it is written",
    label = "not a ring event",
    note = "say how it is written: `#[codec(postcard)]` for any serde type, `#[zero_copy(rkyv)]` or \
            `#[zero_copy(flatbuffers)]` to read it in place",
    note = "or make it a ring event: `#[derive(RingEvent, Clone, Copy)]`, with `#[repr(C)]` for a struct or \
            `#[repr(u8)]` for a field-less enum"
)]
pub trait IsEvent<L> {
    /// Asks.
    const YES: bool = true;
}
#[diagnostic::do_not_recommend]
impl<E: RingEvent, L> IsEvent<L> for E {}

/// The element of slices in the format `pod`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a ring event, so slices of it cannot travel as `pod`",
    label = "not a ring event",
    note = "to make it one, add `#[derive(RingEvent, Clone, Copy)]`, with `#[repr(C)]` for a struct or `#[repr(u8)]` \
            for a field-less enum",
    note = "or write the slice with another format: `Vec<{Self}>` with `codec = postcard` or `zero_copy = rkyv`"
)]
pub trait IsElement<L> {
    /// Asks.
    const YES: bool = true;
}
#[diagnostic::do_not_recommend]
impl<E: RingEvent, L> IsElement<L> for E {}

/// The payload of a codec on top of serde.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written and read by serde, so this codec cannot carry it",
    label = "no serde type that owns what it holds",
    note = "add `#[derive(serde::Serialize, serde::Deserialize)]` to it and to the types in it",
    note = "it must own what it holds: `String` and `Vec<u8>`, no `&str` and no `&[u8]`"
)]
pub trait IsSerde<L> {
    /// Asks.
    const YES: bool = true;
}
#[diagnostic::do_not_recommend]
impl<T, L: Format> IsSerde<L> for T {}

/// The payload of an rkyv archive.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be archived and checked by rkyv, so this channel cannot carry it",
    label = "no rkyv type",
    note = "add `#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]` to it and to the types in it",
    note = "without `rkyv` among your dependencies it is `myelon::rkyv`, and `#[rkyv(crate = myelon::rkyv)]` beside the \
            derives says so"
)]
pub trait IsArchived<L> {
    /// Asks.
    const YES: bool = true;
}
#[diagnostic::do_not_recommend]
impl<T, L: Format> IsArchived<L> for T {}

/// The payload in the format flatbuffers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no table of flatbuffers, so this channel cannot carry it",
    label = "no table",
    note = "name a table as `flatc --rust` generates it, with its lifetime: `Monster<'_>`"
)]
pub trait IsTable<L> {
    /// Asks.
    const YES: bool = true;
}
#[cfg(feature = "flatbuffers")]
#[diagnostic::do_not_recommend]
impl<T, L> IsTable<L> for T where
    T: ::flatbuffers::Follow<'static, Inner = T> + ::flatbuffers::Verifiable + Copy
{
}
// Without the feature that is said, and nothing else.
#[cfg(not(feature = "flatbuffers"))]
impl<T, L> IsTable<L> for T {}

/// A codec of the user's.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no codec of `{T}`",
    label = "no codec of `{T}`",
    note = "implement `myelon::codec::Codec<{T}>` for it; a format that is read in place is `zero_copy`"
)]
pub trait IsCodec<T: ?Sized, L> {
    /// Asks.
    const YES: bool = true;
}
#[diagnostic::do_not_recommend]
impl<C, T: ?Sized, L: Format> IsCodec<T, L> for C {}

/// A format of the user's that is read in place.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no format of `{T}` that is read in place",
    label = "no such format of `{T}`",
    note = "implement `myelon::codec::ZeroCopy<{T}>` for it; a format that decodes an owned value is `codec`"
)]
pub trait IsZeroCopy<T: ?Sized, L> {
    /// Asks.
    const YES: bool = true;
}
#[diagnostic::do_not_recommend]
impl<Z, T: ?Sized, L: Format> IsZeroCopy<T, L> for Z {}

/// Refuses an event that needs more than the alignment of a payload. Without the bound `E: RingEvent`, so that a
/// payload that is none is told once.
///
/// # Panics
/// At compile time, with the reason.
#[track_caller]
pub const fn aligned<E>(channel: &str) {
    if align_of::<E>() > ALIGN {
        Text::new("an event in channel `")
            .text(channel)
            .text("` is aligned to ")
            .number(align_of::<E>() as u64)
            .text(" bytes, and messages begin at multiples of ")
            .number(ALIGN as u64)
            .panic();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[repr(align(32))]
    struct Wide;

    #[test]
    fn what_messages_align_passes() {
        aligned::<u128>("C");
    }

    #[test]
    #[should_panic(
        expected = "an event in channel `C` is aligned to 32 bytes, and messages begin at multiples of 16"
    )]
    fn a_wider_event_names_both() {
        aligned::<Wide>("C");
    }
}
