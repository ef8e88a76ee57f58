//! How a value becomes the bytes of a message, and how readers get it back.
//!
//! Two traits, for two ways to read. A [`ZeroCopy`] format is read where it lies in the ring, after it was validated;
//! a [`Codec`] decodes an owned value. Both write straight into the ring.
//!
//! | format | declared by | payload | readers see | feature |
//! |---|---|---|---|---|
//! | [`Bytes`] | | `[u8]` | `&[u8]` | |
//! | [`Event`] | a variant of an `enum` channel | a ring event `E` | `&E` | |
//! | [`Pod`] | `codec = pod` | slices of a ring event, `[E]` | `&[E]` | |
//! | `Rkyv` | `zero_copy = rkyv` | what derives rkyv's traits, `T` | `&Archived<T>` | `rkyv` |
//! | tables | `zero_copy = flatbuffers` | a root table, `T<'_>` | `T<'_>` | `flatbuffers` |
//! | `Postcard` | `codec = postcard` | any serde type `T` | `T` | `postcard` |
//! | `Bincode` | `codec = bincode` | any serde type `T` | `T` | `bincode` |
//! | your own | `codec = path`, `zero_copy = path` | what it says | what it says | |
//!
//! A feature re-exports its crate: `myelon::rkyv` and so on. All of them build with the Rust version of `myelon` itself.
//!
//! What is encoded is a payload only: where it begins and ends, its number and its kind stand in the header of its
//! record. A payload begins at a multiple of 16 bytes, in the ring and wherever fragments are joined.
//!
//! Nothing that some process wrote makes a format here panic, allocate without bound, or go deeper than a stack does.

#[cfg(feature = "bincode")]
mod bincode;
mod bytes;
mod error;
mod event;
#[cfg(feature = "flatbuffers")]
pub(crate) mod flatbuffers;
#[cfg(any(feature = "bincode", feature = "postcard"))]
mod limit;
mod pod;
#[cfg(feature = "postcard")]
mod postcard;
#[cfg(feature = "rkyv")]
mod rkyv;
#[cfg(any(feature = "bincode", feature = "postcard", feature = "rkyv"))]
mod room;

#[cfg(feature = "bincode")]
pub use bincode::Bincode;
pub use bytes::Bytes;
pub use error::{Cause, DecodeError, EncodeError};
pub use event::Event;
#[cfg(feature = "flatbuffers")]
pub use flatbuffers::{Built, Family, Scratch, SlotAllocator, TableBuilder};
pub use pod::Pod;
#[cfg(feature = "postcard")]
pub use postcard::Postcard;
#[cfg(feature = "rkyv")]
pub use rkyv::{Archivable, Restorable, Rkyv};

/// Every payload that a format is asked to read begins at a multiple of this, in bytes.
pub const ALIGN: usize = 16;

/// An owned decode: `codec = path` on a channel.
///
/// Implemented by a type without values that names the format; `T` is the payload of the channel.
///
/// ```
/// # extern crate myelon_runtime as myelon;
/// use std::io::{Cursor, Write};
///
/// use myelon::codec::{Codec, DecodeError, EncodeError};
///
/// pub struct Quote {
///     pub symbol: String,
///     pub price: f64,
/// }
///
/// /// Quotes as people write them: `codec = Line`.
/// pub enum Line {}
///
/// impl Codec<Quote> for Line {
///     const NAME: &'static str = "quote as a line";
///
///     fn encode(quote: &Quote, out: &mut [u8]) -> Result<usize, EncodeError> {
///         if quote.symbol.contains('=') {
///             return Err(EncodeError::failed("a symbol has no `=` in it"));
///         }
///         let mut out = Cursor::new(out);
///         write!(out, "{}={}", quote.symbol, quote.price).map_err(|_| EncodeError::Full)?;
///         Ok(out.position() as usize)
///     }
///
///     fn decode(bytes: &[u8]) -> Result<Quote, DecodeError> {
///         let line = std::str::from_utf8(bytes).map_err(|error| DecodeError::caused("is no text", error))?;
///         let (symbol, price) = line.split_once('=').ok_or(DecodeError::new("has no `=` in it"))?;
///         let price = price.parse().map_err(|error| DecodeError::caused("has no price", error))?;
///         Ok(Quote { symbol: symbol.into(), price })
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let quote = Quote { symbol: "XYZ".into(), price: 12.5 };
/// let mut out = [0; 64];
/// let len = Line::encode(&quote, &mut out)?;
/// assert_eq!(&out[..len], b"XYZ=12.5");
/// assert_eq!(Line::decode(&out[..len])?.price, 12.5);
/// assert_eq!(Line::encode(&quote, &mut out[..5]), Err(EncodeError::Full));
/// # Ok(()) }
/// ```
pub trait Codec<T> {
    /// The format, for people and for the fingerprint of the channel. It may be called like one of this library: the
    /// fingerprint tells whose it is.
    const NAME: &'static str;
    /// Everything about the format that can differ between two builds, as a number: part of the fingerprint.
    const FORMAT: u64 = 0;
    /// Whether it is one of this library's, so that a format of the same name is not taken for it.
    #[doc(hidden)]
    const BUILT_IN: bool = false;

    /// How many bytes `value` takes, at most, if that is cheap to tell; 0 if not. A hint: with a wrong one
    /// [`encode`](Self::encode) is called again.
    fn size_hint(_value: &T) -> usize {
        0
    }

    /// Writes `value` to the front of `out`, which holds anything, and returns how many bytes it took. May be called
    /// again with a longer `out`.
    ///
    /// # Errors
    /// [`EncodeError::Full`] if `out` is too short. Nothing is published on any other error.
    fn encode(value: &T, out: &mut [u8]) -> Result<usize, EncodeError>;

    /// Reads a value from `bytes`, which are those of one message: whatever some process wrote there.
    ///
    /// # Errors
    /// [`DecodeError`]: the message is skipped, and the stream goes on after it.
    fn decode(bytes: &[u8]) -> Result<T, DecodeError>;

    /// Reads a value into one that is there, so that what that one holds can be used again. A codec that does not say
    /// otherwise replaces it; so do `Postcard` and `Bincode`, because serde has no public way to read into a value.
    ///
    /// # Errors
    /// As [`decode`](Self::decode); `into` is then any valid value.
    fn decode_into(bytes: &[u8], into: &mut T) -> Result<(), DecodeError> {
        *into = Self::decode(bytes)?;
        Ok(())
    }
}

/// A read in place: `zero_copy = path` on a channel.
///
/// Implemented by a type without values that names the format; `T` is the payload of the channel.
///
/// ```
/// # extern crate myelon_runtime as myelon;
/// use myelon::codec::{DecodeError, EncodeError, Restore, ZeroCopy};
///
/// /// Text, read where it lies: `zero_copy = Text`.
/// pub enum Text {}
///
/// impl ZeroCopy<String> for Text {
///     type Target = str;
///     const NAME: &'static str = "text";
///
///     fn size_hint(text: &String) -> usize {
///         text.len()
///     }
///
///     fn encode(text: &String, out: &mut [u8]) -> Result<usize, EncodeError> {
///         out.get_mut(..text.len()).ok_or(EncodeError::Full)?.copy_from_slice(text.as_bytes());
///         Ok(text.len())
///     }
///
///     fn view(bytes: &[u8]) -> Result<&str, DecodeError> {
///         std::str::from_utf8(bytes).map_err(|error| DecodeError::caused("is no text", error))
///     }
/// }
///
/// impl Restore<String> for Text {
///     type Owned = String;
///
///     fn restore(text: &str) -> Result<String, DecodeError> {
///         Ok(text.to_owned())
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut out = [0; 64];
/// let len = Text::encode(&"in place".to_owned(), &mut out)?;
/// assert_eq!(Text::view(&out[..len])?, "in place");
/// assert!(Text::view(&[0xff]).is_err());
/// # Ok(()) }
/// ```
pub trait ZeroCopy<T: ?Sized> {
    /// What readers see in the ring.
    type Target: ?Sized + 'static;
    /// The format, for people and for the fingerprint of the channel. It may be called like one of this library: the
    /// fingerprint tells whose it is.
    const NAME: &'static str;
    /// Everything about the format that can differ between two builds, as a number: part of the fingerprint.
    const FORMAT: u64 = 0;
    /// Whether it is one of this library's, so that a format of the same name is not taken for it.
    #[doc(hidden)]
    const BUILT_IN: bool = false;
    /// The layout of what lies there, where it is that of a ring event.
    const LAYOUT: Option<&'static crate::event::Schema> = None;
    /// Whether readers usually look at all bytes of a message, so that they are fetched ahead of time. Where they look at
    /// a few, fetching the others takes longer.
    const READ_WHOLE: bool = true;
    /// Whether all bytes are such a message, so that [`view`](Self::view) and [`view_trusted`](Self::view_trusted) never fail:
    /// then nobody looks at a message before its turn to see whether it can be handed out. One that fails all the same ends
    /// a drain whose last message was not told to be the last; nothing else depends on it.
    const ANY_BYTES: bool = false;

    /// As [`Codec::size_hint`].
    fn size_hint(_value: &T) -> usize {
        0
    }

    /// The bytes of `value`, if what is written is just them: then they are copied, and [`encode`](Self::encode) is never
    /// called.
    fn as_bytes(_value: &T) -> Option<&[u8]> {
        None
    }

    /// As [`Codec::encode`]. `out` begins at a multiple of [`ALIGN`].
    ///
    /// # Errors
    /// [`EncodeError::Full`] if `out` is too short. Nothing is published on any other error.
    fn encode(value: &T, out: &mut [u8]) -> Result<usize, EncodeError>;

    /// Validates `bytes`, which begin at a multiple of [`ALIGN`] and are those of one message: whatever some process
    /// wrote there.
    ///
    /// # Errors
    /// [`DecodeError`]: the message is skipped, and the stream goes on after it.
    fn view(bytes: &[u8]) -> Result<&Self::Target, DecodeError>;

    /// As [`view`](Self::view), without validation, for consumers that were built to trust their producer. Unless a
    /// format overrides it, it validates all the same; where it does, it must not touch what is too short.
    ///
    /// # Safety
    /// 1. `bytes` are what [`encode`](Self::encode) of the same build wrote.
    ///
    /// # Errors
    /// As [`view`](Self::view).
    unsafe fn view_trusted(bytes: &[u8]) -> Result<&Self::Target, DecodeError> {
        Self::view(bytes)
    }
}

/// A [`ZeroCopy`] format of which an owned value can be made.
#[diagnostic::on_unimplemented(
    message = "`{Self}` makes no owned values of what it reads as `{T}`",
    label = "no owned value",
    note = "implement `myelon::codec::Restore<{T}>` for `{Self}`"
)]
pub trait Restore<T: ?Sized>: ZeroCopy<T> {
    /// The owned value: `T`, or a `Vec` for slices.
    type Owned;

    /// Makes an owned value of what lies in the ring.
    ///
    /// # Errors
    /// [`DecodeError`] if the format can only tell now that it is none.
    fn restore(target: &Self::Target) -> Result<Self::Owned, DecodeError>;

    /// Makes it where an owned value is already, so that what that one holds can be used again. A format that does not say
    /// otherwise replaces it.
    ///
    /// # Errors
    /// As [`restore`](Self::restore); `into` is then any valid value.
    fn restore_into(target: &Self::Target, into: &mut Self::Owned) -> Result<(), DecodeError> {
        *into = Self::restore(target)?;
        Ok(())
    }
}
