//! The first page of a segment: written once before the file gets its name, never again.
//!
//! It is decoded from a private copy, every number is checked with checked arithmetic against the file's real
//! length, and what comes out, a [`Header`] with its [`Geometry`], is used from then on (P6).

use core::fmt;

use super::codec::{Image, Reader, Visitor, Writer};
use super::geometry::{Geometry, Shape};
use super::page::truncated;
use crate::event::Fnv128;
use crate::os::facts::FileFacts;

/// Bytes of the header, whatever the page size.
pub(crate) const HEADER_LEN: usize = 4096;
/// A different number for every change of any byte's meaning in a segment.
pub(crate) const FORMAT: u32 = 3;
/// The first bytes of every segment. Not text, and damaged by whatever damages line ends.
const MAGIC: [u8; 8] = *b"\x89myelon\n";
const BYTE_ORDER: u32 = 0x0102_0304;
/// The checksum is the last thing in the header.
const CHECKSUM_AT: usize = HEADER_LEN - 16;
/// A channel of events of one fixed size.
pub(crate) const RAW: u32 = 1;
/// A channel of messages of any length: records in units.
pub(crate) const MESSAGES: u32 = 2;

/// Longest channel name that is stored, in bytes.
const NAME_LEN: usize = 64;
/// Longest location text that is stored, in bytes.
const PLACE_LEN: usize = 256;

/// What a segment says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    /// [`RAW`] or [`MESSAGES`].
    pub(crate) kind: u32,
    /// `ring::Discipline::CODE`.
    pub(crate) discipline: u32,
    pub(crate) geometry: Geometry,
    pub(crate) fingerprint: u128,
    pub(crate) schema_digest: u128,
    pub(crate) version: u64,
    pub(crate) boot_id: u128,
    pub(crate) dev: u64,
    pub(crate) ino: u64,
    pub(crate) creator_pid: u64,
    pub(crate) creator_start: u64,
    /// Wall clock, nanoseconds since 1970.
    pub(crate) created_at: u64,
    /// The channel's name, for display.
    pub(crate) channel: String,
    /// The location as the creator saw it, for display.
    pub(crate) place: String,
}

/// Why a file is not a segment that this program can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// It does not begin like one: some other file.
    NotASegment,
    /// It was written by a machine of the other byte order.
    OtherByteOrder,
    /// It was written by another version of this library.
    OtherFormat {
        /// The format version that the file names.
        found: u32,
        /// The one that this program knows.
        supported: u32,
    },
    /// It is shorter than it must be: somebody truncated or half-copied it.
    Truncated {
        /// Bytes that are there.
        found: u64,
        /// Bytes that must be there.
        needed: u64,
    },
    /// It is damaged.
    Corrupt {
        /// What does not fit.
        what: &'static str,
    },
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotASegment => f.write_str("the file is not a segment"),
            Self::OtherByteOrder => f.write_str("the segment was made on a machine of the other byte order"),
            Self::OtherFormat { found, supported } => {
                write!(f, "the segment has format version {found}, this program knows version {supported}")
            }
            Self::Truncated { found, needed } => {
                write!(f, "the segment is truncated: {found} of {needed} bytes are there")
            }
            Self::Corrupt { what } => write!(f, "the segment is damaged: {what}"),
        }
    }
}

impl core::error::Error for HeaderError {}

impl Header {
    /// The bytes of the header.
    pub(crate) fn encode(&self) -> Box<Image> {
        let mut writer = Writer::new();
        let mut geometry = numbers(&self.geometry);
        let mut own = self.clone();
        truncated(&self.channel, NAME_LEN).clone_into(&mut own.channel);
        truncated(&self.place, PLACE_LEN).clone_into(&mut own.place);
        // A writer takes every value as it is.
        let _ = own.visit(&mut geometry, &mut writer);
        let mut image = writer.finish();
        let sum = checksum(&image);
        if let Some(place) = image.get_mut(CHECKSUM_AT..) {
            place.copy_from_slice(&sum.to_ne_bytes());
        }
        image
    }

    /// Reads and checks a header. `head` is what could be read of the first [`HEADER_LEN`] bytes of a file of
    /// `file_len` bytes.
    pub(crate) fn decode(head: &[u8], file_len: u64) -> Result<Self, HeaderError> {
        if !head.starts_with(&MAGIC) {
            return Err(HeaderError::NotASegment);
        }
        let Some(image) = head.first_chunk::<HEADER_LEN>() else {
            return Err(HeaderError::Truncated { found: file_len, needed: HEADER_LEN as u64 });
        };
        let mut reader = Reader::new(image);
        let mut header = Self::blank();
        let mut found = [0; NUMBERS];
        header.visit(&mut found, &mut reader)?;
        header.geometry = check_geometry(&found)?;
        let needed = header.geometry.total;
        if file_len < needed {
            return Err(HeaderError::Truncated { found: file_len, needed });
        }
        Ok(header)
    }

    /// Whether the header was written for this very file, since the last boot. Else it is a copy, or a memory
    /// of a former life of the machine: its locks and cursors mean nothing.
    pub(crate) fn belongs_to(&self, facts: &FileFacts, boot_id: u128) -> bool {
        (self.dev, self.ino, self.boot_id) == (facts.dev, facts.ino, boot_id)
    }

    fn blank() -> Self {
        let shape =
            Shape { capacity: 0, event_size: 0, slot_stride: 0, max_consumers: 0, schema_len: 0, stride: 0 };
        Self {
            kind: 0,
            discipline: 0,
            geometry: Geometry {
                shape,
                quantum: 0,
                schema: 0,
                control: 0,
                producer: 0,
                consumers: 0,
                slots: 0,
                total: 0,
            },
            fingerprint: 0,
            schema_digest: 0,
            version: 0,
            boot_id: 0,
            dev: 0,
            ino: 0,
            creator_pid: 0,
            creator_start: 0,
            created_at: 0,
            channel: String::new(),
            place: String::new(),
        }
    }

    /// Goes through all that is stored, in order: the one list of fields, for reading and for writing.
    fn visit(&mut self, geometry: &mut [u64; NUMBERS], io: &mut impl Visitor) -> Result<(), HeaderError> {
        io.bytes(&mut MAGIC.clone())?;
        let mut byte_order = BYTE_ORDER;
        io.half(&mut byte_order)?;
        match byte_order {
            BYTE_ORDER => {}
            swapped if swapped == BYTE_ORDER.swap_bytes() => return Err(HeaderError::OtherByteOrder),
            _ => return Err(HeaderError::Corrupt { what: "the byte order mark makes no sense" }),
        }
        let mut format = FORMAT;
        io.half(&mut format)?;
        if format != FORMAT {
            return Err(HeaderError::OtherFormat { found: format, supported: FORMAT });
        }
        io.verify(checksum)?;
        let mut len = HEADER_LEN as u32;
        io.half(&mut len)?;
        if len != HEADER_LEN as u32 {
            return Err(HeaderError::Corrupt { what: "the header's length makes no sense" });
        }
        io.half(&mut self.kind)?;
        io.half(&mut self.discipline)?;
        io.half(&mut 0)?;
        for number in geometry {
            io.word(number)?;
        }
        io.double(&mut self.fingerprint)?;
        io.double(&mut self.schema_digest)?;
        io.double(&mut self.boot_id)?;
        for number in [
            &mut self.version,
            &mut self.dev,
            &mut self.ino,
            &mut self.creator_pid,
            &mut self.creator_start,
            &mut self.created_at,
        ] {
            io.word(number)?;
        }
        io.text(&mut self.channel, NAME_LEN)?;
        io.text(&mut self.place, PLACE_LEN)
    }
}

/// How many numbers describe a geometry in the header.
const NUMBERS: usize = 13;

fn numbers(geometry: &Geometry) -> [u64; NUMBERS] {
    let Shape { capacity, event_size, slot_stride, max_consumers, schema_len, stride } = geometry.shape;
    [
        geometry.total,
        capacity,
        event_size,
        slot_stride,
        max_consumers.into(),
        schema_len,
        stride,
        geometry.quantum,
        geometry.schema,
        geometry.control,
        geometry.producer,
        geometry.consumers,
        geometry.slots,
    ]
}

/// The numbers must be the ones that this program would have written for that shape.
fn check_geometry(found: &[u64; NUMBERS]) -> Result<Geometry, HeaderError> {
    const WRONG: HeaderError = HeaderError::Corrupt { what: "its geometry makes no sense" };
    let [_, capacity, event_size, slot_stride, max_consumers, schema_len, stride, ..] = *found;
    let max_consumers = u32::try_from(max_consumers).map_err(|_| WRONG)?;
    let shape = Shape { capacity, event_size, slot_stride, max_consumers, schema_len, stride };
    Geometry::of(shape).ok().filter(|geometry| numbers(geometry) == *found).ok_or(WRONG)
}

/// Over all of the header but the checksum itself.
fn checksum(image: &Image) -> u128 {
    Fnv128::new().bytes(image.get(..CHECKSUM_AT).unwrap_or_default()).finish()
}

#[cfg(test)]
#[path = "header_tests.rs"]
pub(crate) mod tests;
