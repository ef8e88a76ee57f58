//! What a ring of records should hold: the rules of `ring::records` told once more, with lists in place of a ring.

use super::UNIT;
use crate::ring::records::Standing;

/// What a record is to its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Pad { inside: bool },
    Whole,
    First,
    Middle,
    Last,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Rec {
    pub(super) at: u64,
    pub(super) units: u64,
    pub(super) number: u64,
    pub(super) part: Part,
}

impl Rec {
    pub(super) fn end(&self) -> u64 {
        self.at + self.units
    }

    pub(super) fn is_pad(&self) -> bool {
        matches!(self.part, Part::Pad { .. })
    }
}

#[derive(Debug)]
pub(super) struct Message {
    pub(super) kind: u16,
    pub(super) bytes: Vec<u8>,
    /// Where its first record begins, and its last one ends.
    pub(super) begin: u64,
    pub(super) end: u64,
    /// Bytes of the first unit before its payload.
    pub(super) lead: usize,
    pub(super) whole: bool,
    pub(super) fragments: usize,
}

/// How far a message got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    Done,
    Full,
    /// Some of it is out, and no more will come.
    GaveUp,
}

#[derive(Debug)]
pub(super) struct Model {
    pub(super) capacity: u64,
    pub(super) timestamps: bool,
    /// All that was ever published, without gaps.
    pub(super) records: Vec<Rec>,
    pub(super) messages: Vec<Message>,
    pub(super) published: u64,
    /// The number that consumers are told comes next: a message given up counts when the next record is out.
    pub(super) told: u64,
}

impl Model {
    pub(super) fn new(capacity: u64, timestamps: bool) -> Self {
        let (records, messages) = (Vec::new(), Vec::new());
        Self { capacity, timestamps, records, messages, published: 0, told: 0 }
    }

    pub(super) fn quantum(&self) -> u64 {
        self.capacity / 4
    }

    pub(super) fn largest(&self) -> usize {
        (self.quantum() - 2) as usize * UNIT
    }

    /// The number of the next message.
    pub(super) fn number(&self) -> u64 {
        self.messages.len() as u64
    }

    /// The oldest position that nobody writes over.
    pub(super) fn oldest(&self) -> u64 {
        (self.published + self.quantum()).saturating_sub(self.capacity)
    }

    /// The record that begins at a position; `None` at the end.
    pub(super) fn at(&self, position: u64) -> Option<&Rec> {
        if position == self.published {
            return None;
        }
        let found = self.records.binary_search_by_key(&position, |record| record.at);
        Some(&self.records[found.expect("M1: a record begins here")])
    }

    /// The records that begin at a position or later.
    pub(super) fn from(&self, position: u64) -> impl Iterator<Item = &Rec> {
        let index = self.records.partition_point(|record| record.at < position);
        self.records[index..].iter()
    }

    pub(super) fn standing(&self, at: u64) -> Standing {
        let (number, torso) = match self.at(at) {
            Some(Rec { number, part: Part::Pad { inside: true } | Part::Middle | Part::Last, .. }) => {
                (number + 1, Some(*number))
            }
            Some(record) => (record.number, None),
            None => match self.records.last() {
                Some(Rec {
                    number, part: Part::Pad { inside: true } | Part::First | Part::Middle, ..
                }) => (number + 1, Some(*number)),
                _ => (self.number(), None),
            },
        };
        Standing { number, torso }
    }

    fn fits(&self, units: u64, gate: u64) -> bool {
        self.published + units <= gate.saturating_add(self.capacity)
    }

    fn push(&mut self, part: Part, number: u64, units: u64) {
        self.records.push(Rec { at: self.published, units, number, part });
        self.published += units;
        let ends = matches!(part, Part::Whole | Part::Last);
        self.told = number + u64::from(ends);
    }

    /// Finds room in one piece, behind padding if need be.
    fn open(&mut self, units: u64, inside: bool, number: u64, gate: u64) -> bool {
        let left = self.capacity - self.published % self.capacity;
        if units > left {
            if !self.fits(left, gate) {
                return false;
            }
            self.push(Part::Pad { inside }, number, left);
        }
        self.fits(units, gate)
    }

    /// Room is found for `slot` bytes; then the message is what comes after `front` of them. Without a message: padding
    /// at most.
    pub(super) fn record(
        &mut self,
        slot: usize,
        front: usize,
        message: Option<(u16, &[u8])>,
        gate: u64,
    ) -> Put {
        let number = self.number();
        let head = 1 + u64::from(self.timestamps);
        if !self.open(head + slot.div_ceil(UNIT) as u64, false, number, gate) {
            return Put::Full;
        }
        let Some((kind, bytes)) = message else { return Put::Done };
        if front >= UNIT {
            self.push(Part::Pad { inside: false }, number, (front / UNIT) as u64);
        }
        let (begin, lead) = (self.published, front % UNIT);
        self.push(Part::Whole, number, head + (lead + bytes.len()).div_ceil(UNIT) as u64);
        let (bytes, end) = (bytes.to_vec(), self.published);
        self.messages.push(Message { kind, bytes, begin, end, lead, whole: true, fragments: 1 });
        Put::Done
    }

    /// A message that is published as one value: one record, or fragments of the largest. One that must not wait
    /// (`now`) is not begun unless all of it fits.
    pub(super) fn put(&mut self, kind: u16, bytes: &[u8], gate: u64, now: bool) -> Put {
        let largest = self.largest();
        if bytes.len() <= largest {
            return self.record(bytes.len(), 0, Some((kind, bytes)), gate);
        }
        if now && !self.fits_at_once(bytes.len(), gate) {
            return Put::Full;
        }
        self.cut(kind, bytes, gate, usize::MAX)
    }

    /// Fragments, of which no more than `most` are written; the first one is.
    pub(super) fn cut(&mut self, kind: u16, bytes: &[u8], gate: u64, most: usize) -> Put {
        let largest = self.largest();
        let number = self.number();
        let fragments = bytes.len().div_ceil(largest);
        let mut begin = None;
        for (index, fragment) in bytes.chunks(largest).enumerate() {
            let extension = u64::from(index == 0);
            let units = 1 + extension + fragment.len().div_ceil(UNIT) as u64;
            if index == most || !self.open(units, index != 0, number, gate) {
                let Some(begin) = begin else { return Put::Full };
                let (bytes, end) = (bytes.to_vec(), self.end_of_last());
                self.messages.push(Message { kind, bytes, begin, end, lead: 0, whole: false, fragments });
                return Put::GaveUp;
            }
            begin.get_or_insert(self.published);
            let part = match index {
                0 => Part::First,
                _ if index + 1 == fragments => Part::Last,
                _ => Part::Middle,
            };
            self.push(part, number, units);
        }
        let (bytes, begin, end) = (bytes.to_vec(), begin.unwrap_or(0), self.published);
        self.messages.push(Message { kind, bytes, begin, end, lead: 0, whole: true, fragments });
        Put::Done
    }

    /// Where the last record ends that is not padding.
    fn end_of_last(&self) -> u64 {
        self.records.iter().rev().find(|record| !record.is_pad()).map_or(0, Rec::end)
    }

    /// Whether all fragments certainly fit: with a header each, and padding of less than a record. Nobody holds back
    /// one who has no consumers.
    fn fits_at_once(&self, len: usize, gate: u64) -> bool {
        let mut at = self.published;
        let mut left = len;
        while left != 0 {
            let fragment = left.min(self.largest());
            let units = 1 + u64::from(left == len) + fragment.div_ceil(UNIT) as u64;
            let until_wrap = self.capacity - at % self.capacity;
            at += units + if units > until_wrap { until_wrap } else { 0 };
            left -= fragment;
        }
        let lag = self.published - gate.min(self.published);
        gate == u64::MAX || self.capacity.saturating_sub(lag) >= at - self.published
    }

    /// A successor came.
    pub(super) fn succeed(&mut self) {
        self.told = self.number();
    }
}
