//! What a channel of messages carries: one lane for each kind, and how each is written and read.

use core::any::TypeId;
use core::marker::PhantomData;

use crate::codec::{Codec, DecodeError, EncodeError, Restore, ZeroCopy};
use crate::event::Schema;

/// Whether a consumer skips validation. Only an `unsafe` constructor makes one that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trust(bool);

/// The format for whose messages trust was promised, if any: ends can be swapped by code that knows nothing of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trusted(Option<TypeId>);

impl Trusted {
    /// The trust that was promised for messages of `F`.
    pub(crate) fn of<F: Format>(trust: Trust) -> Self {
        Self(trust.0.then(TypeId::of::<F>))
    }

    /// What applies to messages that are read as `F`.
    #[inline(always)]
    pub(super) fn in_format<F: Format>(self) -> Trust {
        Trust(self.0.is_some_and(|of| of == TypeId::of::<F>()))
    }
}

impl Trust {
    /// Everything is validated.
    pub(crate) const NONE: Self = Self(false);

    /// # Safety
    /// 1. All payloads that are read with it were written by producers of the same build, through the same formats.
    pub(crate) const unsafe fn full() -> Self {
        Self(true)
    }

    /// Whether validation is skipped.
    pub(super) const fn is_full(self) -> bool {
        self.0
    }
}

/// How the messages of a channel are read: implemented by [`InPlace`] and [`Owned`] for channels of one kind, and by
/// the marker of an `enum` channel for all of its lanes.
pub trait Format: Sized + 'static {
    /// What a lease keeps of one message.
    type Held<'a>;
    /// What a lease shows of it.
    type Ref<'a>;
    /// As [`ZeroCopy::READ_WHOLE`]; of several lanes, whether it is so of any: what one of them lacks is waited for, and what
    /// is fetched for nothing is not.
    const READ_WHOLE: bool = true;
    /// As [`ZeroCopy::ANY_BYTES`]; of several lanes, false.
    const ANY_BYTES: bool = false;

    /// Validates or decodes one message.
    ///
    /// # Errors
    /// [`DecodeError`]: the message is skipped.
    fn hold(kind: u16, bytes: &[u8], trust: Trust) -> Result<Self::Held<'_>, DecodeError>;

    /// Shows what is held, for as long as the lease is borrowed.
    fn show<'s, 'a: 's>(held: &'s Self::Held<'a>) -> Self::Ref<'s>;
}

/// A format of one kind: what a lease dereferences to.
pub trait Single: Format {
    /// What is shown.
    type Target: ?Sized;

    /// The same as [`Format::show`], as a reference.
    fn target<'s>(held: &'s Self::Held<'_>) -> &'s Self::Target;
}

/// A format of which a lease gives an owned value.
#[diagnostic::on_unimplemented(
    message = "the messages of `{Self}` have no owned values",
    note = "of an enum they have some with `owned = true`; of a format of your own, if it implements `myelon::codec::Restore`"
)]
pub trait Give: Format {
    /// The owned value.
    type Owned;

    /// Makes it of what is held.
    ///
    /// # Errors
    /// [`DecodeError`] if the format can only tell now that it is none.
    fn give(held: Self::Held<'_>) -> Result<Self::Owned, DecodeError>;

    /// Makes it of one message where one is already: as [`Codec::decode_into`] and [`Restore::restore_into`].
    ///
    /// # Errors
    /// [`DecodeError`]: the message is skipped; `into` is then any valid value.
    fn decode_into(kind: u16, bytes: &[u8], trust: Trust, into: &mut Self::Owned) -> Result<(), DecodeError> {
        *into = Self::give(Self::hold(kind, bytes, trust)?)?;
        Ok(())
    }
}

/// A format of which an owned value can be made without giving the message back: what is read in place, and what is decoded
/// into values that are `Clone`. Of several lanes, if it is so of each.
#[diagnostic::on_unimplemented(
    message = "no owned values of `{Self}` can be made while the message is held",
    note = "what is decoded has to be `Clone` for `to_owned`; `into_owned` gives it as it is"
)]
pub trait GiveCopy: Give {
    /// Makes it of what is held.
    ///
    /// # Errors
    /// As [`Give::give`].
    fn give_copy(held: &Self::Held<'_>) -> Result<Self::Owned, DecodeError>;
}

/// The bound by which an `enum` channel has [`GiveCopy`] if each of its lanes does.
///
/// Quantified over the lifetime, `for<'a> Lane: GivesCopy<'a>`, it is not looked at before it is used: owned values do not
/// have to be `Clone` where nobody copies them.
#[diagnostic::on_unimplemented(
    message = "no owned values of `{Self}` can be made while the message is held",
    note = "what is decoded has to be `Clone` for `to_owned`; `into_owned` gives it as it is"
)]
pub trait GivesCopy<'a>: GiveCopy {}
#[diagnostic::do_not_recommend]
impl<F: GiveCopy> GivesCopy<'_> for F {}

/// One kind of message of a channel: its number and what two builds must agree on.
pub trait Lane: Format {
    /// The number of this kind in its channel.
    const KIND: u16;
    /// The number that its messages carry if the program says none: its kind, or 0 where programs say it.
    const SENT_AS: u16 = if Self::KIND == super::ANY_KIND { 0 } else { Self::KIND };
    /// The name of its format.
    const CODEC: &'static str;
    /// Whether it is a format of this library.
    const BUILT_IN: bool;
    /// What of its format can differ between builds.
    const FORMAT: u64;
    /// The layout, where it is that of a ring event.
    const LAYOUT: Option<&'static Schema>;
}

/// A lane whose messages are made of values.
pub trait Encode: Lane {
    /// What is published, by reference.
    type Item: ?Sized;

    /// As [`Codec::size_hint`].
    fn size_hint(item: &Self::Item) -> usize;

    /// As [`ZeroCopy::as_bytes`].
    fn as_bytes(_item: &Self::Item) -> Option<&[u8]> {
        None
    }

    /// As [`Codec::encode`].
    ///
    /// # Errors
    /// As [`Codec::encode`].
    fn encode(item: &Self::Item, out: &mut [u8]) -> Result<usize, EncodeError>;
}

/// Messages of `T` that are read where they lie, in the [`ZeroCopy`] format `Z`.
#[derive(Debug)]
pub struct InPlace<T: ?Sized, Z, const KIND: u16 = 0>(PhantomData<fn(&T) -> Z>);

/// Messages of `T` that are decoded, by the [`Codec`] `C`.
#[derive(Debug)]
pub struct Owned<T, C, const KIND: u16 = 0>(PhantomData<fn(T) -> C>);

impl<T: ?Sized + 'static, Z: ZeroCopy<T> + 'static, const KIND: u16> Format for InPlace<T, Z, KIND> {
    type Held<'a> = &'a Z::Target;
    type Ref<'a> = &'a Z::Target;
    const READ_WHOLE: bool = Z::READ_WHOLE;
    const ANY_BYTES: bool = Z::ANY_BYTES;

    #[inline(always)]
    fn hold(_: u16, bytes: &[u8], trust: Trust) -> Result<&Z::Target, DecodeError> {
        if trust.is_full() {
            // SAFETY: (1) is what whoever made this trust promised.
            return unsafe { Z::view_trusted(bytes) };
        }
        Z::view(bytes)
    }

    #[inline(always)]
    fn show<'s, 'a: 's>(held: &'s &'a Z::Target) -> &'s Z::Target {
        held
    }
}

impl<T: ?Sized + 'static, Z: ZeroCopy<T> + 'static, const KIND: u16> Single for InPlace<T, Z, KIND> {
    type Target = Z::Target;

    #[inline(always)]
    fn target<'s>(held: &'s &Z::Target) -> &'s Z::Target {
        held
    }
}

impl<T: ?Sized + 'static, Z: Restore<T> + 'static, const KIND: u16> Give for InPlace<T, Z, KIND> {
    type Owned = Z::Owned;

    #[inline]
    fn give(held: &Z::Target) -> Result<Z::Owned, DecodeError> {
        Z::restore(held)
    }

    #[inline]
    fn decode_into(kind: u16, bytes: &[u8], trust: Trust, into: &mut Z::Owned) -> Result<(), DecodeError> {
        Z::restore_into(Self::hold(kind, bytes, trust)?, into)
    }
}

impl<T: ?Sized + 'static, Z: Restore<T> + 'static, const KIND: u16> GiveCopy for InPlace<T, Z, KIND> {
    #[inline]
    fn give_copy(held: &&Z::Target) -> Result<Z::Owned, DecodeError> {
        Z::restore(held)
    }
}

impl<T: ?Sized + 'static, Z: ZeroCopy<T> + 'static, const KIND: u16> Lane for InPlace<T, Z, KIND> {
    const KIND: u16 = KIND;
    const CODEC: &'static str = Z::NAME;
    const BUILT_IN: bool = Z::BUILT_IN;
    const FORMAT: u64 = Z::FORMAT;
    const LAYOUT: Option<&'static Schema> = Z::LAYOUT;
}

impl<T: ?Sized + 'static, Z: ZeroCopy<T> + 'static, const KIND: u16> Encode for InPlace<T, Z, KIND> {
    type Item = T;

    #[inline(always)]
    fn size_hint(item: &T) -> usize {
        Z::size_hint(item)
    }

    #[inline(always)]
    fn as_bytes(item: &T) -> Option<&[u8]> {
        Z::as_bytes(item)
    }

    #[inline(always)]
    fn encode(item: &T, out: &mut [u8]) -> Result<usize, EncodeError> {
        Z::encode(item, out)
    }
}

impl<T: 'static, C: Codec<T> + 'static, const KIND: u16> Format for Owned<T, C, KIND> {
    type Held<'a> = T;
    type Ref<'a> = &'a T;

    #[inline(always)]
    fn hold(_: u16, bytes: &[u8], _: Trust) -> Result<T, DecodeError> {
        C::decode(bytes)
    }

    #[inline(always)]
    fn show<'s, 'a: 's>(held: &'s T) -> &'s T {
        held
    }
}

impl<T: 'static, C: Codec<T> + 'static, const KIND: u16> Single for Owned<T, C, KIND> {
    type Target = T;

    #[inline(always)]
    fn target(held: &T) -> &T {
        held
    }
}

impl<T: 'static, C: Codec<T> + 'static, const KIND: u16> Give for Owned<T, C, KIND> {
    type Owned = T;

    #[inline]
    fn give(held: T) -> Result<T, DecodeError> {
        Ok(held)
    }

    #[inline]
    fn decode_into(_: u16, bytes: &[u8], _: Trust, into: &mut T) -> Result<(), DecodeError> {
        C::decode_into(bytes, into)
    }
}

impl<T: Clone + 'static, C: Codec<T> + 'static, const KIND: u16> GiveCopy for Owned<T, C, KIND> {
    #[inline]
    fn give_copy(held: &T) -> Result<T, DecodeError> {
        Ok(held.clone())
    }
}

impl<T: 'static, C: Codec<T> + 'static, const KIND: u16> Lane for Owned<T, C, KIND> {
    const KIND: u16 = KIND;
    const CODEC: &'static str = C::NAME;
    const BUILT_IN: bool = C::BUILT_IN;
    const FORMAT: u64 = C::FORMAT;
    const LAYOUT: Option<&'static Schema> = None;
}

impl<T: 'static, C: Codec<T> + 'static, const KIND: u16> Encode for Owned<T, C, KIND> {
    type Item = T;

    #[inline(always)]
    fn size_hint(item: &T) -> usize {
        C::size_hint(item)
    }

    #[inline(always)]
    fn encode(item: &T, out: &mut [u8]) -> Result<usize, EncodeError> {
        C::encode(item, out)
    }
}
