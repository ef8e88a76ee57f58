//! Bytes as they are: framed channels.

use super::{DecodeError, EncodeError, Restore, ZeroCopy};

/// The format of `[u8]`: the payload is the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bytes {}

impl ZeroCopy<[u8]> for Bytes {
    type Target = [u8];
    const NAME: &'static str = "bytes";
    const BUILT_IN: bool = true;
    const ANY_BYTES: bool = true;

    #[inline(always)]
    fn as_bytes(value: &[u8]) -> Option<&[u8]> {
        Some(value)
    }

    #[inline]
    fn encode(value: &[u8], out: &mut [u8]) -> Result<usize, EncodeError> {
        out.get_mut(..value.len()).ok_or(EncodeError::Full)?.copy_from_slice(value);
        Ok(value.len())
    }

    #[inline]
    fn view(bytes: &[u8]) -> Result<&[u8], DecodeError> {
        Ok(bytes)
    }
}

impl Restore<[u8]> for Bytes {
    type Owned = Vec<u8>;

    #[inline]
    fn restore(target: &[u8]) -> Result<Vec<u8>, DecodeError> {
        Ok(target.to_vec())
    }

    #[inline]
    fn restore_into(target: &[u8], into: &mut Vec<u8>) -> Result<(), DecodeError> {
        into.clear();
        into.extend_from_slice(target);
        Ok(())
    }
}
