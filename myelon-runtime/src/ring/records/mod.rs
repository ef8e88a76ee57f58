//! A ring of records: messages of any length, in the same ring as events.
//!
//! The ring's slots are *units* of 16 bytes, and its sequences are positions in units: cursors, gate, joining, leases
//! and death work on them as they do on events. What is added here is what lies in the units.
//!
//! ```text
//! record     header unit | extension unit, if flagged | payload, padded to whole units
//! header     u64 number of the message | u32 length of the payload | u16 kind | u16 flags, slack, lead
//! extension  u64 time of publishing | u64 length of the whole message
//! ```
//!
//! The published cursor alone makes records visible, a run of them at a time; a header has no stamp of its own. So
//! whatever lies beyond the cursor, half-written records and images of old headers alike, is never looked at, and a
//! successor writes over it. (Stamps pay where the event shares a line with its stamp; records are longer.)
//!
//! # Invariants
//! - **M1** Below the published cursor, records follow each other without gaps. A record is published with all of its
//!   units, spans at most a quantum, and none crosses the end of the ring: padding, a record of its own, precedes
//!   one that would. It is published by itself; all other padding together with the record behind it.
//! - **M2** The published cursor stands where a record begins, and so does every anchor that is not above it: an anchor
//!   is the start of a run, stored before the run is published.
//! - **M3** A header holds the number of its message; padding holds that of the message which it precedes, or in which
//!   it lies. From one record to the next the number stays or grows by one.
//! - **M4** The fragments of a message follow each other with nothing but padding between. Only a producer that gave up or
//!   died leaves a message without its end; the next record then does not say that it is `CONTINUED`: it begins the next
//!   message, or is the padding before it. The first fragment spans a quantum.
//! - **M5** A payload begins at a unit, so at a multiple of 16 bytes, or `lead` bytes after.

#[cfg(not(loom))]
mod copy;
mod find;
mod lossy;
mod read;
mod write;

#[cfg(not(loom))]
pub(crate) use copy::{PAST_CACHES, WIDE, copy_in_units, copy_past_caches, copy_wide};
pub(crate) use find::{Standing, standing, standing_of_reader};
pub(crate) use lossy::Sight;
pub(crate) use read::{Flaw, Plain, Record};
pub(crate) use write::{FETCH_AHEAD, Lines, Marks};

use core::mem::MaybeUninit;
#[cfg(not(loom))]
use core::ptr::NonNull;

use super::slots::LINE;
use super::{Ring, fetch};
use crate::event::{Kind, Primitive, RingEvent, Schema};

/// Bytes of a unit; also the alignment of payloads.
pub(crate) const UNIT: usize = 16;

/// Units of a cache line.
const LINE_UNITS: u64 = (LINE / UNIT) as u64;
/// How far off the next record begins, in units, where records keep their distance: 1 KiB (measured: 256 bytes are not
/// enough).
const GAP: u64 = 1024 / UNIT as u64;
/// Records of up to two lines keep no distance: of more lines they have nothing (measured).
pub(crate) const SHORT: u64 = 2 * LINE_UNITS;
/// The largest slack of a record.
pub(crate) const MOST_SLACK: u64 = GAP + LINE_UNITS;

/// How many anchors a producer keeps: one for each eighth of the ring.
pub(crate) const ANCHORS: usize = 8;

/// Sixteen bytes of a ring of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C, align(16))]
pub struct Unit {
    words: [u64; 2],
}

const _: () = assert!(size_of::<Unit>() == UNIT && align_of::<Unit>() == UNIT);

// SAFETY: (1) two integers without padding, `repr(C)`; (2) every bit pattern is valid; (3) nothing is ever invalid;
// (4) as described.
unsafe impl RingEvent for Unit {
    const BLANK: Self = Self { words: [0; 2] };
    const SCHEMA: &'static Schema = {
        const WORD: &Schema = &Schema::new("u64", 8, 8, Kind::Primitive(Primitive::U64));
        &Schema::new("unit", UNIT, UNIT, Kind::Array { len: 2, element: WORD })
    };
    const CHECKED: bool = false;

    unsafe fn is_valid(_: *const Self) -> bool {
        true
    }
}

impl Unit {
    /// As it lies in memory.
    #[inline(always)]
    pub(crate) fn bytes(self) -> [u8; UNIT] {
        let [first, second] = self.words.map(u64::to_ne_bytes);
        let mut bytes = [0; UNIT];
        for (to, from) in bytes.iter_mut().zip(first.into_iter().chain(second)) {
            *to = from;
        }
        bytes
    }
}

/// The slot discipline of a ring of records: dense units, and records in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Records {}

/// A ring of records.
pub(crate) type RecordRing = Ring<Unit, Records>;

/// Bits of a header's flags.
pub(crate) mod flag {
    /// Nothing but space.
    pub(crate) const PAD: u16 = 1;
    /// Not the beginning of its message.
    pub(crate) const CONTINUED: u16 = 2;
    /// Not the end of its message.
    pub(crate) const MORE: u16 = 4;
    /// An extension follows the header.
    pub(crate) const EXTENDED: u16 = 8;
    pub(super) const ALL: u16 = PAD | CONTINUED | MORE | EXTENDED;
    /// Where the slack begins: eight bits.
    pub(super) const SLACK: u32 = 4;
    /// Where the lead begins: four bits.
    pub(super) const LEAD: u32 = 12;
}

/// What a record says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// Of the message, from 0.
    pub(crate) number: u64,
    /// Bytes of the payload, without the lead.
    pub(crate) len: u32,
    pub(crate) kind: u16,
    /// See [`flag`].
    pub(crate) flags: u16,
    /// Units after the payload that belong to the record and hold nothing.
    pub(crate) slack: u8,
    /// Bytes of the first payload unit before the payload: 0 to 15.
    pub(crate) lead: u8,
}

/// What follows a header that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extension {
    /// When the message was published, on the monotonic clock in nanoseconds; 0 if that is not told.
    pub(crate) time: u64,
    /// Bytes of the whole message.
    pub(crate) total: u64,
}

impl Header {
    pub(crate) const fn encode(self) -> Unit {
        let flags = self.flags | (self.slack as u16) << flag::SLACK | (self.lead as u16) << flag::LEAD;
        let rest = self.len as u64 | (self.kind as u64) << 32 | (flags as u64) << 48;
        Unit { words: [self.number, rest] }
    }

    pub(crate) const fn decode(unit: Unit) -> Self {
        let [number, rest] = unit.words;
        let flags = (rest >> 48) as u16;
        Self {
            number,
            len: rest as u32,
            kind: (rest >> 32) as u16,
            flags: flags & flag::ALL,
            slack: (flags >> flag::SLACK) as u8,
            lead: (flags >> flag::LEAD) as u8,
        }
    }

    /// The same with a distance to the next record, if that is wanted and this one is longer than two lines. A line that two
    /// records share would go to and fro twice, and the processor of a reader fetches lines behind those that it reads: the
    /// ones that the producer is about to write.
    #[inline(always)]
    pub(crate) const fn spaced(self, wanted: bool) -> Self {
        let units = self.units();
        if !wanted || units <= SHORT {
            return self;
        }
        Self { slack: (units.next_multiple_of(LINE_UNITS) - units + GAP) as u8, ..self }
    }

    pub(crate) const fn is(self, flags: u16) -> bool {
        self.flags & flags != 0
    }

    /// That of a message in one record, without extension or distance.
    #[inline(always)]
    pub(crate) const fn whole(number: u64, kind: u16, len: usize) -> Self {
        Self { number, len: len as u32, kind, flags: 0, slack: 0, lead: 0 }
    }

    /// Padding of `units`.
    pub(crate) const fn padding(number: u64, units: u64, inside_message: bool) -> Self {
        let flags = flag::PAD | if inside_message { flag::CONTINUED } else { 0 };
        Self { number, len: ((units - 1) * UNIT as u64) as u32, kind: 0, flags, slack: 0, lead: 0 }
    }

    /// Units of the whole record.
    pub(crate) const fn units(self) -> u64 {
        let extension = if self.is(flag::EXTENDED) { 1 } else { 0 };
        1 + extension + (self.len as u64 + self.lead as u64).div_ceil(UNIT as u64) + self.slack as u64
    }
}

impl Extension {
    pub(crate) const fn encode(self) -> Unit {
        Unit { words: [self.time, self.total] }
    }

    pub(crate) const fn decode(unit: Unit) -> Self {
        let [time, total] = unit.words;
        Self { time, total }
    }
}

/// Units of the largest record in a ring of `capacity` units.
pub(crate) const fn largest_record(capacity: u64) -> u64 {
    super::quantum(capacity)
}

/// Bytes of payload in the largest record, with its header and extension.
pub(crate) const fn largest_payload(capacity: u64) -> u64 {
    (largest_record(capacity) - 2) * UNIT as u64
}

impl<E: RingEvent> Ring<E, Records> {
    /// The same ring. Its slots are units, whatever the caller knows of them.
    pub(crate) fn records(&self) -> RecordRing {
        const { assert!(size_of::<E>() == UNIT, "a ring of records has units for slots") };
        Ring { parts: self.parts, marker: core::marker::PhantomData }
    }
}

impl RecordRing {
    /// The unit at a position, word by word: whoever writes it meanwhile, what comes out is a unit.
    #[inline(always)]
    pub(crate) fn unit(&self, position: u64) -> Unit {
        let mut unit = MaybeUninit::uninit();
        self.cell(position).copy_racing(&mut unit);
        // SAFETY: the copy wrote every byte, and every bit pattern is a unit (E2).
        unsafe { unit.assume_init() }
    }

    #[inline(always)]
    pub(crate) fn header(&self, position: u64) -> Header {
        Header::decode(self.unit(position))
    }

    /// Where the bytes of a unit lie; those of the units after it follow, up to the end of the ring.
    #[inline(always)]
    #[cfg(not(loom))]
    pub(crate) fn bytes(&self, position: u64) -> NonNull<u8> {
        let unit = self.cell(position).read().as_ptr();
        // SAFETY: a cell of the ring is never at address zero (S1).
        unsafe { NonNull::new_unchecked(unit.cast_mut().cast()) }
    }

    /// Asks the processor for the lines that begin in `begin..end`, to be read. It does not go round the end of the ring:
    /// what lies there is no matter for a hint.
    #[inline(always)]
    fn fetch_lines_to_read(&self, begin: u64, end: u64) {
        for line in self.lines(begin, end) {
            fetch::to_read(line);
        }
    }

    /// The same, to be written, and from the last one down.
    #[inline(always)]
    fn fetch_lines_to_write(&self, begin: u64, end: u64) {
        for line in self.lines(begin, end).rev() {
            fetch::to_write(line);
        }
    }

    #[inline(always)]
    fn lines(&self, begin: u64, end: u64) -> impl DoubleEndedIterator<Item = *const u8> + use<> {
        let first = begin.next_multiple_of(LINE_UNITS);
        let at: *const u8 = core::ptr::from_ref(self.cell(first)).cast();
        let count = end.saturating_sub(first).div_ceil(LINE_UNITS) as usize;
        (0..count).map(move |line| at.wrapping_add(line * LINE))
    }

    /// How many units there are from a position to the end of the ring.
    #[inline(always)]
    pub(crate) fn until_wrap(&self, position: u64) -> u64 {
        self.capacity() - (position & (self.capacity() - 1))
    }
}
