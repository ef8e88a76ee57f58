//! What a broken producer writes: payloads that are cut, go on, are moved, changed, or never were any. Both ends of a test
//! know which, and the test knows which of them their format can read all the same.

use core::marker::PhantomData;

use myelon::codec::{Bincode, Codec, DecodeError, EncodeError, Postcard, Restore, Rkyv, ZeroCopy};
use myelon::rkyv::rancor::Fallible;
use myelon::rkyv::ser::Writer;
use myelon::rkyv::util::AlignedVec;
use myelon::rkyv::{Archive, Place, Serialize};

use super::formats::{Backward, Packet, Summed};
use super::{Book, Order, TestPayload};
use crate::channels::{mix, word};

/// Whether the message `sequence` is one that a broken producer spoils.
pub fn is_spoilt(sequence: u64) -> bool {
    mix(sequence ^ 0x5b01_17ed) % 3 == 0
}

/// What a broken producer writes instead of `good`.
fn spoil(sequence: u64, mut good: Vec<u8>) -> Vec<u8> {
    let random = |at: u64| word(!sequence, at);
    let noise = |len: u64| (0..len).map(|at| random(at + 9) as u8);
    let place = |len: usize| random(1) as usize % len.max(1);
    match random(0) % 8 {
        // Nothing; cut; going on.
        0 => good.clear(),
        1 => good.truncate(place(good.len())),
        2 => good.extend(noise(1 + random(2) % 40)),
        // Not where it ought to be.
        3 => drop(good.splice(..0, noise(1 + random(2) % 15))),
        // With something else inside: a bit, or a length that cannot be.
        4 if !good.is_empty() => {
            let at = place(good.len());
            good[at] ^= 1 << (random(2) % 8);
        }
        5 if !good.is_empty() => {
            let from = place(good.len());
            good.iter_mut().skip(from).take(8).for_each(|byte| *byte = 0xff);
        }
        // Something else; so long that it goes in fragments.
        6 => good = noise(3000).collect(),
        _ => good = noise(random(2) % 200).collect(),
    }
    good
}

/// A format, as bytes.
pub trait Wire: 'static {
    /// What a good producer writes.
    fn good(sequence: u64, size: u64) -> Vec<u8>;
    /// Whether the format finds a value in it.
    fn reads(bytes: &[u8]) -> bool;

    /// What a broken one writes.
    fn wire(sequence: u64, size: u64) -> Vec<u8> {
        let good = Self::good(sequence, size);
        if is_spoilt(sequence) { spoil(sequence, good) } else { good }
    }

    /// Whether a consumer is to be told that the message cannot be read.
    fn is_refused(sequence: u64, size: u64) -> bool {
        !Self::reads(&Self::wire(sequence, size))
    }
}

/// Writes into as much memory as it takes.
fn written(size: u64, encode: impl Fn(&mut [u8]) -> Result<usize, EncodeError>) -> Vec<u8> {
    let mut bytes = vec![0; 1024 + 4 * size as usize];
    let len = encode(&mut bytes).unwrap();
    bytes.truncate(len);
    bytes
}

/// What [`Raw`] says it is.
macro_rules! wires {
    ($($name:ident: $trait:ident, $format:ident of $payload:ident, $read:ident;)*) => {$(
        #[doc = concat!("`", stringify!($payload), "` in the format `", stringify!($format), "`.")]
        #[derive(Debug)]
        pub enum $name {}

        impl Wire for $name {
            fn good(sequence: u64, size: u64) -> Vec<u8> {
                let value = $payload::made(sequence, size);
                written(size, |out| <$format as $trait<$payload>>::encode(&value, out))
            }

            fn reads(bytes: &[u8]) -> bool {
                // Aligned, as payloads are.
                let mut aligned = AlignedVec::<16>::new();
                aligned.extend_from_slice(bytes);
                <$format as $trait<$payload>>::$read(&aligned).is_ok()
            }
        }
    )*};
}

type Bytes = Vec<u8>;

wires! {
    OfBook: ZeroCopy, Rkyv of Book, view;
    OfOrder: Codec, Postcard of Order, decode;
    OfBill: Codec, Bincode of Order, decode;
    OfPacket: ZeroCopy, Summed of Packet, view;
    OfBytes: Codec, Backward of Bytes, decode;
}

/// A payload that is written as it is in every format, whatever that makes of it.
#[derive(Debug)]
pub struct Raw<W>(Vec<u8>, PhantomData<fn() -> W>);

impl<W: Wire> TestPayload for Raw<W> {
    type Made = Self;

    fn made(sequence: u64, size: u64) -> Self {
        Self(W::wire(sequence, size), PhantomData)
    }
}

impl<W> Archive for Raw<W> {
    type Archived = ();
    type Resolver = ();

    fn resolve(&self, (): (), _: Place<()>) {}
}

impl<W, S: Fallible + Writer + ?Sized> Serialize<S> for Raw<W> {
    fn serialize(&self, serializer: &mut S) -> Result<(), S::Error> {
        serializer.write(&self.0)
    }
}

/// As a tuple: without its length.
impl<W> serde::Serialize for Raw<W> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeTuple;
        let mut tuple = serializer.serialize_tuple(self.0.len())?;
        self.0.iter().try_for_each(|byte| tuple.serialize_element(byte))?;
        tuple.end()
    }
}

impl<'de, W> serde::Deserialize<'de> for Raw<W> {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom("only written"))
    }
}

/// Two formats of the program's own that say they are those of [`formats`](super::formats), and write anything.
pub mod formats {
    use super::{Codec, DecodeError, EncodeError, Raw, Restore, Wire, ZeroCopy};

    fn put(bytes: &[u8], out: &mut [u8]) -> Result<usize, EncodeError> {
        out.get_mut(..bytes.len()).ok_or(EncodeError::Full)?.copy_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Not what it says.
    #[derive(Debug)]
    pub enum Summed {}

    impl<W: Wire> ZeroCopy<Raw<W>> for Summed {
        type Target = [u8];
        const NAME: &'static str = "summed";
        const FORMAT: u64 = 7;

        fn encode(value: &Raw<W>, out: &mut [u8]) -> Result<usize, EncodeError> {
            put(&value.0, out)
        }

        fn view(bytes: &[u8]) -> Result<&[u8], DecodeError> {
            Ok(bytes)
        }
    }

    impl<W: Wire> Restore<Raw<W>> for Summed {
        type Owned = Vec<u8>;

        fn restore(target: &[u8]) -> Result<Vec<u8>, DecodeError> {
            Ok(target.to_vec())
        }
    }

    /// Nor is this.
    #[derive(Debug)]
    pub enum Backward {}

    impl<W: Wire> Codec<Raw<W>> for Backward {
        const NAME: &'static str = "backward";

        fn encode(value: &Raw<W>, out: &mut [u8]) -> Result<usize, EncodeError> {
            put(&value.0, out)
        }

        fn decode(_: &[u8]) -> Result<Raw<W>, DecodeError> {
            Err(DecodeError::new("is only written"))
        }
    }
}
