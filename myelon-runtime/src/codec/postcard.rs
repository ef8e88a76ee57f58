//! postcard: a compact, stable format of any serde type.

use ::postcard::Deserializer;
use ::postcard::ser_flavors::Flavor;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::room::Room;
use super::{Codec, DecodeError, EncodeError, limit};

/// The [postcard](https://postcard.jamesmunns.com) format of serde types: `codec = postcard`, with the feature
/// `postcard`.
///
/// It writes straight into the ring. It holds values only, in the order of their fields: both ends must agree on the
/// type, and bytes that are left over after a value are an error. Types that need a self-describing format
/// (`#[serde(untagged)]`, `#[serde(flatten)]`, `skip_serializing_if`) cannot be read back from it. Nor can what is nested
/// more than 256 deep: structs, enums, sequences, maps and options count, boxes do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Postcard {}

/// postcard's own slice loses an overflow where it happens inside `collect_str`.
struct Output<'r, 'a>(&'r mut Room<'a>);

impl Flavor for Output<'_, '_> {
    type Output = ();

    #[inline]
    fn try_extend(&mut self, data: &[u8]) -> ::postcard::Result<()> {
        if self.0.write(data) { Ok(()) } else { Err(::postcard::Error::SerializeBufferFull) }
    }

    #[inline]
    fn try_push(&mut self, byte: u8) -> ::postcard::Result<()> {
        if self.0.push(byte) { Ok(()) } else { Err(::postcard::Error::SerializeBufferFull) }
    }

    #[inline]
    fn finalize(self) -> ::postcard::Result<()> {
        Ok(())
    }
}

impl<T: Serialize + DeserializeOwned> Codec<T> for Postcard {
    const NAME: &'static str = "postcard";
    const BUILT_IN: bool = true;
    /// The major version of the format.
    const FORMAT: u64 = 1;

    #[inline]
    fn encode(value: &T, out: &mut [u8]) -> Result<usize, EncodeError> {
        let mut room = Room::new(out);
        let done = ::postcard::serialize_with_flavor(value, Output(&mut room));
        room.finish(done)
    }

    #[inline]
    fn decode(bytes: &[u8]) -> Result<T, DecodeError> {
        let mut reader = Deserializer::from_bytes(bytes);
        let value = limit::deserialize(&mut reader, bytes.len());
        match value.and_then(|value| Ok((value, reader.finalize()?))) {
            Ok((value, [])) => Ok(value),
            Ok(_) => Err(DecodeError::new("goes on after its value")),
            Err(refused) => Err(DecodeError::caused("is no value of its type", refused)),
        }
    }
}
