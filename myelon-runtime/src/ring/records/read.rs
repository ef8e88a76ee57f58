//! From bytes that some process wrote to records, with every number checked before it is used.

use super::{Extension, Header, RecordRing, Records, UNIT, Unit, flag};
use crate::ring::MAX_SEQUENCE;
use crate::ring::reader::Reader;

/// What is wrong with a record: something that no producer writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Flaw(pub(crate) &'static str);

/// A record whose numbers make sense: it lies between a reader and the published cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) header: Header,
    /// If the header says that there is one.
    pub(crate) extension: Option<Extension>,
    /// Units of all of it.
    pub(crate) units: u64,
    /// Where its payload begins, in bytes from the start of the record.
    pub(crate) payload: usize,
}

impl Record {
    /// The record that begins at `position`, of which `known` units are visible.
    #[inline(always)]
    pub(crate) fn at(ring: &RecordRing, position: u64, known: u64) -> Result<Self, Flaw> {
        let header = ring.header(position);
        let units = header.units();
        // M1: a record is published as a whole, ...
        if units > known {
            return Err(Flaw("a record is longer than what is published"));
        }
        // ... spans at most a quantum, and does not cross the end of the ring.
        if units > ring.quantum() || units > ring.until_wrap(position) {
            return Err(Flaw("a record is longer than any that fits the ring"));
        }
        if header.number > MAX_SEQUENCE {
            return Err(Flaw("a message has a number that none can have"));
        }
        if header.is(flag::PAD) && header.is(flag::MORE | flag::EXTENDED) {
            return Err(Flaw("padding says that it is a message"));
        }
        let extended = header.is(flag::EXTENDED);
        let payload = UNIT * (1 + usize::from(extended)) + usize::from(header.lead);
        let extension = extended.then(|| Extension::decode(ring.unit(position + 1)));
        Ok(Self { header, extension, units, payload })
    }
}

/// A message in one record, without an extension: what nearly all are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plain {
    pub(crate) header: Header,
    pub(crate) units: u64,
    /// As in [`Record`].
    pub(crate) payload: usize,
}

impl Plain {
    /// The same as [`Record::at`] says, if it is plain and has this number; else nothing is said.
    #[inline(always)]
    pub(crate) fn at(ring: &RecordRing, position: u64, known: u64, number: u64) -> Option<Self> {
        let header = ring.header(position);
        let units = header.units();
        let is_inside = units <= known && units <= ring.quantum() && units <= ring.until_wrap(position);
        let is_plain = header.flags == 0 && header.number == number;
        (is_plain && is_inside).then_some(Self { header, units, payload: UNIT + usize::from(header.lead) })
    }
}

impl Reader<Unit, Records> {
    /// Asks the processor for the lines that come into reach now that `units` more are passed: up to `reach` units ahead, and
    /// published.
    #[inline(always)]
    pub(crate) fn fetch_behind(&self, reach: u64, units: u64) {
        let reach = reach.min(self.known());
        let end = self.next() + reach;
        self.ring().fetch_lines_to_read(end - units.min(reach), end);
    }

    /// The same for all that is in reach, after a look that found something new. The address of each header depends on what
    /// the one before it says: without this a walk over new records pays for their lines one after the other.
    #[inline(always)]
    pub(crate) fn fetch_front(&self, reach: u64) {
        self.ring().fetch_lines_to_read(self.next(), self.next() + reach.min(self.known()));
    }

    /// The record at the reader's position. At least one unit of it is known to be there.
    #[inline(always)]
    pub(crate) fn record(&self) -> Result<Record, Flaw> {
        Record::at(self.ring(), self.next(), self.known())
    }
}
