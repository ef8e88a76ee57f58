//! Formats of the program's own.

use myelon::codec::{Codec, DecodeError, EncodeError, Restore, ZeroCopy};

use super::{Seen, TestPayload};

/// Bytes that go out with a sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet(pub Vec<u8>);

impl TestPayload for Packet {
    type Made = Self;

    fn made(sequence: u64, size: u64) -> Self {
        Self(<[u8]>::made(sequence, size))
    }
}

impl Seen for Packet {
    fn is_made(&self, sequence: u64, size: u64) -> bool {
        self.0.is_made(sequence, size)
    }
}

/// The bytes of a packet, and behind them their sum: read in place.
#[derive(Debug)]
pub enum Summed {}

fn sum(bytes: &[u8]) -> [u8; 8] {
    bytes.iter().fold(0_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(*byte) + 1).to_le_bytes()
}

impl ZeroCopy<Packet> for Summed {
    type Target = [u8];
    const NAME: &'static str = "summed";
    const FORMAT: u64 = 7;

    fn encode(Packet(value): &Packet, out: &mut [u8]) -> Result<usize, EncodeError> {
        let (bytes, rest) = out.split_at_mut_checked(value.len()).ok_or(EncodeError::Full)?;
        let end = rest.first_chunk_mut::<8>().ok_or(EncodeError::Full)?;
        bytes.copy_from_slice(value);
        *end = sum(value);
        Ok(value.len() + 8)
    }

    fn view(bytes: &[u8]) -> Result<&[u8], DecodeError> {
        let (value, end) =
            bytes.split_last_chunk::<8>().ok_or(DecodeError::new("is shorter than its sum"))?;
        if *end == sum(value) { Ok(value) } else { Err(DecodeError::new("has another sum")) }
    }
}

impl Restore<Packet> for Summed {
    type Owned = Packet;

    fn restore(target: &[u8]) -> Result<Packet, DecodeError> {
        Ok(Packet(target.to_vec()))
    }
}

/// Bytes in reverse, behind a mark: decoded. Refuses what begins with [`REFUSED`], and panics at [`PANICS`].
#[derive(Debug)]
pub enum Backward {}

/// No value that [`Backward`] writes.
pub const REFUSED: &[u8] = b"not this one";
/// In the middle of it.
pub const PANICS: &[u8] = b"do not touch";

const MARK: u8 = b'<';

impl Codec<Vec<u8>> for Backward {
    const NAME: &'static str = "backward";

    fn size_hint(value: &Vec<u8>) -> usize {
        // Wrong now and then, as a hint may be.
        value.len() / 7 * 7
    }

    fn encode(value: &Vec<u8>, out: &mut [u8]) -> Result<usize, EncodeError> {
        let [mark, bytes @ ..] = out else { return Err(EncodeError::Full) };
        *mark = MARK;
        if value.starts_with(REFUSED) {
            return Err(EncodeError::failed("the value is one that is refused"));
        }
        let bytes = bytes.get_mut(..value.len()).ok_or(EncodeError::Full)?;
        for (to, from) in bytes.iter_mut().zip(value.iter().rev()) {
            *to = *from;
        }
        assert!(!value.starts_with(PANICS), "as the test wants it");
        Ok(value.len() + 1)
    }

    fn decode(bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
        let mut value = Vec::new();
        Self::decode_into(bytes, &mut value)?;
        Ok(value)
    }

    fn decode_into(bytes: &[u8], into: &mut Vec<u8>) -> Result<(), DecodeError> {
        let [MARK, bytes @ ..] = bytes else { return Err(DecodeError::caused("is unmarked", "no mark")) };
        into.clear();
        into.extend(bytes.iter().rev());
        Ok(())
    }
}
