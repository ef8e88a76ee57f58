//! Fixed places for numbers and short texts in the header, native byte order.
//!
//! One [`Visitor`] writes and one reads, so that the header has a single list of its fields.

use super::header::{HEADER_LEN, HeaderError};

/// The bytes of a header, in private memory.
pub(super) type Image = [u8; HEADER_LEN];

/// Takes the next value from the image, or puts it there.
pub(super) trait Visitor {
    fn bytes<const N: usize>(&mut self, value: &mut [u8; N]) -> Result<(), HeaderError>;

    /// Compares the checksum; nothing to do for a writer.
    fn verify(&mut self, sum: fn(&Image) -> u128) -> Result<(), HeaderError>;

    /// At most `room` bytes of text; the place has `room` bytes in any case.
    fn text(&mut self, value: &mut String, room: usize) -> Result<(), HeaderError>;

    fn half(&mut self, value: &mut u32) -> Result<(), HeaderError> {
        let mut bytes = value.to_ne_bytes();
        self.bytes(&mut bytes)?;
        *value = u32::from_ne_bytes(bytes);
        Ok(())
    }

    fn word(&mut self, value: &mut u64) -> Result<(), HeaderError> {
        let mut bytes = value.to_ne_bytes();
        self.bytes(&mut bytes)?;
        *value = u64::from_ne_bytes(bytes);
        Ok(())
    }

    fn double(&mut self, value: &mut u128) -> Result<(), HeaderError> {
        let mut bytes = value.to_ne_bytes();
        self.bytes(&mut bytes)?;
        *value = u128::from_ne_bytes(bytes);
        Ok(())
    }
}

/// Cannot happen: the header's fields fit, whatever they hold. Kept as an error so that nothing can panic.
const TOO_LONG: HeaderError = HeaderError::Corrupt { what: "the header ends too early" };
const BAD_TEXT: HeaderError = HeaderError::Corrupt { what: "a name is not text" };

pub(super) struct Writer {
    image: Box<Image>,
    at: usize,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self { image: Box::new([0; HEADER_LEN]), at: 0 }
    }

    pub(super) fn finish(self) -> Box<Image> {
        self.image
    }

    fn put(&mut self, bytes: &[u8], room: usize) -> Result<(), HeaderError> {
        let place = self.image.get_mut(self.at..).and_then(|rest| rest.get_mut(..bytes.len()));
        place.ok_or(TOO_LONG)?.copy_from_slice(bytes);
        self.at += room;
        Ok(())
    }
}

impl Visitor for Writer {
    fn bytes<const N: usize>(&mut self, value: &mut [u8; N]) -> Result<(), HeaderError> {
        self.put(value, N)
    }

    fn verify(&mut self, _: fn(&Image) -> u128) -> Result<(), HeaderError> {
        Ok(())
    }

    fn text(&mut self, value: &mut String, room: usize) -> Result<(), HeaderError> {
        self.word(&mut (value.len() as u64))?;
        self.put(value.as_bytes(), room)
    }
}

pub(super) struct Reader<'a> {
    image: &'a Image,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(image: &'a Image) -> Self {
        Self { image, at: 0 }
    }

    fn take(&mut self, room: usize) -> Result<&'a [u8], HeaderError> {
        let taken = self.image.get(self.at..).and_then(|rest| rest.get(..room)).ok_or(TOO_LONG)?;
        self.at += room;
        Ok(taken)
    }
}

impl Visitor for Reader<'_> {
    fn bytes<const N: usize>(&mut self, value: &mut [u8; N]) -> Result<(), HeaderError> {
        value.copy_from_slice(self.take(N)?);
        Ok(())
    }

    fn verify(&mut self, sum: fn(&Image) -> u128) -> Result<(), HeaderError> {
        let stored = self.image.last_chunk::<16>().map(|bytes| u128::from_ne_bytes(*bytes));
        if stored == Some(sum(self.image)) {
            Ok(())
        } else {
            Err(HeaderError::Corrupt { what: "its checksum does not fit" })
        }
    }

    /// What is stored was cut to fit and holds what its writer chose; shown later, so control characters go.
    fn text(&mut self, value: &mut String, room: usize) -> Result<(), HeaderError> {
        let mut len = 0;
        self.word(&mut len)?;
        let bytes = self.take(room)?;
        let text = usize::try_from(len).ok().and_then(|len| bytes.get(..len)).ok_or(BAD_TEXT)?;
        if core::str::from_utf8(text).is_err() {
            return Err(BAD_TEXT);
        }
        *value = super::page::readable(text);
        Ok(())
    }
}
