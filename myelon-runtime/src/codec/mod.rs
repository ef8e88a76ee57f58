//! How a value becomes the bytes of a message, and how readers get it back.
//!
//! Two traits, for two ways to read. A [`ZeroCopy`] format is read where it lies in the ring, after it was validated;
//! a [`Codec`] decodes an owned value. Both write straight into the ring. The formats that ship are here, those that
//! need a crate of their own behind a feature of the same name; a channel can name any other type that implements
//! one of the traits: `codec = path::to::Format`, `zero_copy = path::to::Format`.
//!
//! What is encoded is a payload only: where it begins and ends, its number and its kind stand in the header of its
//! record. A payload begins at a multiple of 16 bytes, in the ring and wherever fragments are joined.

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
pub trait Codec<T> {
    /// The format, for people and for the fingerprint of the channel.
    const NAME: &'static str;
    /// Everything about the format that can differ between two builds, as a number: part of the fingerprint.
    const FORMAT: u64 = 0;

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

    /// Reads a value into one that is there, so that what that one holds can be used again.
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
pub trait ZeroCopy<T: ?Sized> {
    /// What readers see in the ring.
    type Target: ?Sized + 'static;
    /// The format, for people and for the fingerprint of the channel.
    const NAME: &'static str;
    /// Everything about the format that can differ between two builds, as a number: part of the fingerprint.
    const FORMAT: u64 = 0;
    /// The layout of what lies there, where it is that of a ring event.
    const LAYOUT: Option<&'static crate::event::Schema> = None;

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
pub trait Restore<T: ?Sized>: ZeroCopy<T> {
    /// The owned value: `T`, or a `Vec` for slices.
    type Owned;

    /// Makes an owned value of what lies in the ring.
    ///
    /// # Errors
    /// [`DecodeError`] if the format can only tell now that it is none.
    fn restore(target: &Self::Target) -> Result<Self::Owned, DecodeError>;
}
