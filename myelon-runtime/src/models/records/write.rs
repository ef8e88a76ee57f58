//! What the producer of a channel of messages does with the ring.

use super::{KIND, Units, payload};
use crate::ring::publisher::Publisher;
use crate::ring::records::{Extension, Header, Marks, UNIT, flag, standing};
use crate::ring::{Records, Unit};

/// Writes and publishes records.
pub(super) struct Writer {
    pub(super) publisher: Publisher<Unit, Records>,
    pub(super) marks: Marks,
    pub(super) number: u64,
    pub(super) pending: u64,
    pub(super) unpublished: u64,
    pub(super) inside: bool,
    pub(super) kind: u16,
}

impl Writer {
    /// The producer of a new ring, or the successor of one that died.
    pub(super) fn new(heap: &Units) -> Self {
        let publisher = heap.publisher();
        let next = publisher.next();
        let standing = standing(publisher.ring(), next, next).expect("a place to go on from");
        Self {
            marks: Marks::of(&publisher),
            number: standing.number,
            pending: 0,
            unpublished: standing.number,
            inside: false,
            kind: KIND,
            publisher,
        }
    }

    pub(super) fn has_room(&mut self, units: u64) -> bool {
        if self.publisher.room() < units {
            self.publisher.scan(|_, _| ());
        }
        self.publisher.room() >= units
    }

    /// Finds room in one piece for a record of `units` behind what is pending, or says that there is none.
    pub(super) fn open(&mut self, units: u64) -> bool {
        let left = self.publisher.ring().until_wrap(self.publisher.next() + self.pending);
        if units > left {
            self.flush();
            if !self.has_room(left) {
                return false;
            }
            self.pad(left, Header::padding(self.number, left, self.inside));
        }
        if self.pending != 0 && self.pending + units > self.publisher.room() {
            self.flush();
        }
        self.has_room(self.pending + units)
    }

    /// Fills the rest of the ring, for which there is room.
    pub(super) fn pad(&mut self, units: u64, header: Header) {
        // SAFETY: the caller saw room.
        unsafe { self.publisher.put_header(0, header) };
        self.pending = units;
        self.flush();
    }

    /// Writes a unit behind what is pending, for which there is room.
    pub(super) fn put_unit(&self, ahead: u64, unit: Unit) {
        // SAFETY: the caller saw room.
        unsafe { self.publisher.put_unit(self.pending + ahead, unit) };
    }

    /// The header of the next message, with `units` of payload.
    pub(super) fn header(&self, units: u64, flags: u16) -> Header {
        Header {
            number: self.number,
            len: (units * UNIT as u64) as u32,
            kind: self.kind,
            flags,
            slack: 0,
            lead: 0,
        }
    }

    /// Writes a payload where it stays.
    pub(super) fn fill(&self, header: Header) {
        let ahead = 1 + u64::from(header.is(flag::EXTENDED));
        for index in 0..u64::from(header.len) / UNIT as u64 {
            self.put_unit(ahead + index, payload(header, index));
        }
    }

    /// Completes the record whose payload was written.
    pub(super) fn seal(&mut self, header: Header, total: u64) {
        if self.pending == 0 {
            self.unpublished = self.number;
        }
        if header.is(flag::EXTENDED) {
            self.put_unit(1, Extension { time: 0, total: total * UNIT as u64 }.encode());
        }
        self.put_unit(0, header.encode());
        self.pending += header.units();
        self.inside = header.is(flag::MORE);
        self.number += u64::from(!self.inside);
    }

    /// Writes a message with `units` of payload behind what is pending.
    pub(super) fn put(&mut self, units: u64) -> bool {
        let header = self.header(units, 0);
        if !self.open(header.units()) {
            return false;
        }
        self.fill(header);
        self.seal(header, units);
        true
    }

    /// Writes and publishes the first fragment of a message of `total` units, with one unit of it, where a producer's
    /// spans a quantum (M4), on which nothing in a model relies; `flags` of a later one.
    pub(super) fn fragment(&mut self, flags: u16, total: u64) -> bool {
        let first = flags & flag::CONTINUED == 0;
        let header = self.header(1, flags | if first { flag::EXTENDED } else { 0 });
        if !self.open(header.units()) {
            return false;
        }
        self.fill(header);
        self.seal(header, total);
        self.flush();
        true
    }

    /// The last fragment will never come.
    pub(super) fn give_up(&mut self) {
        if core::mem::take(&mut self.inside) {
            self.number += 1;
        }
    }

    /// Forgets what is pending.
    pub(super) fn discard(&mut self) {
        self.pending = 0;
        self.number = self.unpublished;
    }

    pub(super) fn flush(&mut self) {
        let units = core::mem::take(&mut self.pending);
        if units != 0 {
            self.marks.mark(&self.publisher);
            // SAFETY: whole records, for which there was room.
            unsafe { self.publisher.publish(units) };
        }
    }

    /// Publishes the next message, as long as its number says, if there is room.
    pub(super) fn send(&mut self) -> bool {
        let sent = self.put(if self.number % 3 == 0 { 2 } else { 1 });
        self.flush();
        sent
    }
}
