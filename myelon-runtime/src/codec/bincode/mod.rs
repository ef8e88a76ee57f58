//! The bytes that version 1 of bincode wrote: fixed, and plain.
//!
//! bincode itself is not maintained any more (RUSTSEC-2025-0141), and neither is any of its versions to be depended on.
//! wincode writes the same bytes, but of types that derive its own traits; what adds serde to it cannot write 128-bit
//! integers. The format is a page long and will not change. So it is written down here.
//!
//! | of serde | bytes |
//! |---|---|
//! | integers, floats | as long as they are, little-endian; `usize` as `u64` |
//! | `bool`, tag of an option | one byte, 0 or 1 |
//! | `char` | its UTF-8, 1 to 4 bytes |
//! | strings, bytes | length as `u64`, then themselves |
//! | sequences, maps | number of elements as `u64`, then these |
//! | structs, tuples, arrays | their fields |
//! | enums | number of the variant as `u32`, then its fields |
//! | unit | none |

mod error;
mod read;
mod write;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::room::Room;
use super::{Codec, DecodeError, EncodeError, limit};
use read::Reader;
use write::Writer;

/// The format of version 1 of bincode, of serde types: `codec = bincode`, with the feature `bincode`. For programs that
/// have it already; others use [`Postcard`](super::Postcard).
///
/// The bytes are those of `bincode::serialize`: integers of fixed length, little-endian. Reading is stricter: bytes that
/// are left over after a value are an error. As with every format that holds values only, both ends must agree on the
/// type, and types that need a self-describing format (`#[serde(untagged)]`, `#[serde(flatten)]`,
/// `skip_serializing_if`) cannot be read back. Nor can what is nested more than 256 deep: structs, enums, sequences,
/// maps and options count, boxes do not.
///
/// It is written here: `bincode` itself is not maintained any more, and no dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bincode {}

impl<T: Serialize + DeserializeOwned> Codec<T> for Bincode {
    const NAME: &'static str = "bincode";
    const BUILT_IN: bool = true;
    /// The major version of the format.
    const FORMAT: u64 = 1;

    #[inline]
    fn encode(value: &T, out: &mut [u8]) -> Result<usize, EncodeError> {
        let mut room = Room::new(out);
        let done = value.serialize(Writer::new(&mut room));
        room.finish(done)
    }

    #[inline]
    fn decode(bytes: &[u8]) -> Result<T, DecodeError> {
        let mut reader = Reader::new(bytes);
        match limit::deserialize(&mut reader, bytes.len()) {
            Ok(value) if reader.is_at_end() => Ok(value),
            Ok(_) => Err(DecodeError::new("goes on after its value")),
            Err(refused) => Err(DecodeError::caused("is no value of its type", refused)),
        }
    }
}
