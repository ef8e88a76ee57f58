//! What a format writes into: a slice, filled from its front, which remembers that it was too short.
//!
//! Formats wrap the errors of what they write into in errors of their own, and some lose them on the way. So the answer
//! to "was it too short" is kept here.

use std::error::Error;

use super::EncodeError;

/// A slice that is filled from its front.
#[derive(Debug)]
pub(super) struct Room<'a> {
    out: &'a mut [u8],
    len: usize,
    full: bool,
}

impl<'a> Room<'a> {
    #[inline]
    pub(super) fn new(out: &'a mut [u8]) -> Self {
        Self { out, len: 0, full: false }
    }

    /// How many bytes were written.
    #[cfg(any(feature = "bincode", feature = "rkyv"))]
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Appends `bytes`, all or none of them; `false` if they do not fit.
    #[inline]
    pub(super) fn write(&mut self, bytes: &[u8]) -> bool {
        let Some(place) = self.out.get_mut(self.len..).and_then(|free| free.get_mut(..bytes.len())) else {
            self.full = true;
            return false;
        };
        place.copy_from_slice(bytes);
        self.len += bytes.len();
        true
    }

    /// Appends one byte; `false` if it does not fit.
    #[cfg(feature = "postcard")]
    #[inline]
    pub(super) fn push(&mut self, byte: u8) -> bool {
        let Some(place) = self.out.get_mut(self.len) else {
            self.full = true;
            return false;
        };
        *place = byte;
        self.len += 1;
        true
    }

    /// How many bytes were written, if the format is content.
    #[inline]
    pub(super) fn finish<E>(&self, done: Result<(), E>) -> Result<usize, EncodeError>
    where
        E: Error + Send + Sync + 'static,
    {
        match done {
            _ if self.full => Err(EncodeError::Full),
            Ok(()) => Ok(self.len),
            Err(refused) => Err(EncodeError::failed(refused)),
        }
    }
}

#[cfg(test)]
mod tests {
    use core::convert::Infallible;

    use super::*;

    #[test]
    fn what_does_not_fit_is_remembered() {
        let mut out = [0; 4];
        let mut room = Room::new(&mut out);
        assert!(room.write(&[1, 2, 3]));
        assert_eq!(room.finish(Ok::<_, Infallible>(())), Ok(3));
        assert!(matches!(room.finish(Err("no".parse::<u8>().unwrap_err())), Err(EncodeError::Failed(_))));
        assert!(!room.write(&[4, 5]));
        assert!(room.write(&[4]));
        assert_eq!(room.finish(Ok::<_, Infallible>(())), Err(EncodeError::Full));
        assert_eq!(out, [1, 2, 3, 4]);
    }
}
