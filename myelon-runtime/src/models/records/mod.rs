//! M1 to M5: records in a ring of units, as the ends of a channel of messages write, read and find them.
//!
//! [`Writer`] and [`Follower`] do what those ends do, in the same order, with the same calls of the ring; what they leave
//! away is bytes of less than a unit, waiting, and memory of their own. Payloads are images of headers, so that one who
//! takes the middle of a record for its beginning finds something plausible there, and a wrong number.
//!
//! | | shown by | and fails where |
//! |---|---|---|
//! | M1 | `stream`: runs, padding, claims that were dropped, batches | a record is shown early, without its end, across the end of the ring, behind a gap, or is read beyond the cursor |
//! | M2 | `join`: a start at the oldest, latest, n-th message while the producer goes round; `takeover` | an anchor lies inside a record, is believed before its run is published, is found before the entry gates, is left by nobody; a successor moves one |
//! | M3 | `join`: every start knows its number; `fragments`: inside of messages | padding has the number before; the last record is looked for while it is written over |
//! | M4 | `fragments`: whole, given up, orphaned, found in their middle; `takeover` | a successor uses the number of a torso again, or fragments of two messages mix |
//! | M5 | `stream`: a payload that was built from the end of its slot | the slot's beginning is no record (that is M1) |
//!
//! The alignment of M5 is arithmetic and has no interleavings: an assertion beside [`Unit`] and the tests of the ends
//! show it.

mod fragments;
mod join;
mod stream;
mod takeover;

use std::sync::Arc;

use super::{Heap, Model};
use crate::event::RingEvent;
use crate::ring::publisher::Publisher;
use crate::ring::reader::Reader;
use crate::ring::records::{
    ANCHORS, Extension, Flaw, Header, Marks, Record, Standing, UNIT, flag, standing, standing_of_reader,
};
use crate::ring::slots::DenseSlot;
use crate::ring::{Records, Unit};

impl Model for Records {
    const ANCHORS: usize = ANCHORS;

    fn blank<E: RingEvent>() -> DenseSlot<E> {
        <crate::ring::Dense as Model>::blank()
    }
}

type Units = Heap<Records, Unit>;

/// The kind of messages, unless a model tells two authors apart.
const KIND: u16 = 1;

/// No message of a model has a number as high as this; payloads have.
const PAYLOAD: u64 = 1000;

/// A unit of a payload: an image of a header.
fn payload(header: Header, index: u64) -> Unit {
    let number = PAYLOAD + 100 * header.number + 10 * u64::from(header.flags) + index;
    Header { number, len: 0, kind: header.kind, flags: 0, slack: 0, lead: 0 }.encode()
}

/// Writes and publishes records.
struct Writer {
    publisher: Publisher<Unit, Records>,
    marks: Marks,
    number: u64,
    pending: u64,
    unpublished: u64,
    inside: bool,
    kind: u16,
}

impl Writer {
    /// The producer of a new ring, or the successor of one that died.
    fn new(heap: &Units) -> Self {
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

    fn has_room(&mut self, units: u64) -> bool {
        if self.publisher.room() < units {
            self.publisher.scan(|_, _| ());
        }
        self.publisher.room() >= units
    }

    /// Finds room in one piece for a record of `units` behind what is pending, or says that there is none.
    fn open(&mut self, units: u64) -> bool {
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
    fn pad(&mut self, units: u64, header: Header) {
        // SAFETY: the caller saw room.
        unsafe { self.publisher.put_header(0, header) };
        self.pending = units;
        self.flush();
    }

    /// Writes a unit behind what is pending, for which there is room.
    fn put_unit(&self, ahead: u64, unit: Unit) {
        // SAFETY: the caller saw room.
        unsafe { self.publisher.put_unit(self.pending + ahead, unit) };
    }

    /// The header of the next message, with `units` of payload.
    fn header(&self, units: u64, flags: u16) -> Header {
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
    fn fill(&self, header: Header) {
        let ahead = 1 + u64::from(header.is(flag::EXTENDED));
        for index in 0..u64::from(header.len) / UNIT as u64 {
            self.put_unit(ahead + index, payload(header, index));
        }
    }

    /// Completes the record whose payload was written.
    fn seal(&mut self, header: Header, total: u64) {
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
    fn put(&mut self, units: u64) -> bool {
        let header = self.header(units, 0);
        if !self.open(header.units()) {
            return false;
        }
        self.fill(header);
        self.seal(header, units);
        true
    }

    /// Writes and publishes the first fragment of a message of `total` units, with one unit of it; `flags` of a later one.
    fn fragment(&mut self, flags: u16, total: u64) -> bool {
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
    fn give_up(&mut self) {
        if core::mem::take(&mut self.inside) {
            self.number += 1;
        }
    }

    /// Forgets what is pending.
    fn discard(&mut self) {
        self.pending = 0;
        self.number = self.unpublished;
    }

    fn flush(&mut self) {
        let units = core::mem::take(&mut self.pending);
        if units != 0 {
            self.marks.mark(&self.publisher);
            // SAFETY: whole records, for which there was room.
            unsafe { self.publisher.publish(units) };
        }
    }

    /// Publishes the next message, as long as its number says, if there is room.
    fn send(&mut self) -> bool {
        let sent = self.put(if self.number % 3 == 0 { 2 } else { 1 });
        self.flush();
        sent
    }
}

/// What a [`Follower`] has of a message.
#[derive(Debug)]
struct Begun {
    number: u64,
    /// Units that are to come.
    left: u64,
}

/// A record that was passed and not given back.
struct Passed {
    position: u64,
    record: Record,
}

/// Reads records, and checks that each is the one that comes next.
struct Follower {
    reader: Reader<Unit, Records>,
    number: u64,
    torso: Option<u64>,
    begun: Option<Begun>,
    /// Messages that it has seen the end of, and those that have none.
    whole: Vec<u64>,
    incomplete: Vec<u64>,
    /// The kinds of the messages that it has seen the beginning of.
    kinds: Vec<u16>,
    /// The words that it reads.
    heap: Arc<Units>,
}

impl Follower {
    fn new(heap: &Arc<Units>, at: u64, standing: Standing) -> Self {
        assert!(standing.number < PAYLOAD, "what is no record was taken for one: {standing:?}");
        Self {
            reader: Reader::new(heap.ring(), 0, at),
            number: standing.number,
            torso: standing.torso,
            begun: None,
            whole: Vec::new(),
            incomplete: Vec::new(),
            kinds: Vec::new(),
            heap: heap.clone(),
        }
    }

    /// One that joined at `at`, and finds out which message comes next.
    fn at(heap: &Arc<Units>, at: u64) -> Self {
        Self::new(heap, at, standing_of_reader(&heap.ring(), at).expect("a reader finds where it stands"))
    }

    /// The consumer that was there from the beginning. To be called before other threads run.
    fn seated(heap: &Arc<Units>) -> Self {
        heap.seat(0, 0);
        Self::at(heap, 0)
    }

    /// Passes the next record if it is there.
    fn pass(&mut self) -> Option<Passed> {
        if self.reader.known() == 0 {
            match self.reader.look() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(overrun) => panic!("the reader is nowhere: {overrun:?}"),
            }
        }
        let position = self.reader.next();
        let record = self.reader.record().unwrap_or_else(|Flaw(what)| panic!("flawed: {what}"));
        self.follow(&record);
        self.reader.pass(record.units);
        Some(Passed { position, record })
    }

    /// M3, M4: whether a record is the one that comes next.
    fn follow(&mut self, record: &Record) {
        let header = record.header;
        let units = record.units - (record.payload / UNIT) as u64;
        let begun = self.begun.as_ref().map(|begun| begun.number).or(self.torso);
        if header.is(flag::PAD) {
            let expected = if header.is(flag::CONTINUED) { begun } else { Some(self.number) };
            assert_eq!(Some(header.number), expected, "padding has the number of what it is in or before");
            return;
        }
        if header.is(flag::CONTINUED) {
            assert_eq!(Some(header.number), begun, "a fragment belongs to its message");
        } else {
            self.incomplete.extend(self.begun.take().map(|begun| begun.number));
            self.torso = None;
            assert_eq!(header.number, self.number, "a message has the number that comes next");
            self.number += 1;
            self.kinds.push(header.kind);
            let total = record.extension.map_or(units, |extension| extension.total / UNIT as u64);
            self.begun = Some(Begun { number: header.number, left: total });
        }
        if let Some(begun) = &mut self.begun {
            assert!(begun.left >= units, "a message is as long as it says");
            begun.left -= units;
            if !header.is(flag::MORE) {
                assert_eq!(begun.left, 0, "a message is as long as it says");
                self.whole.push(header.number);
                self.begun = None;
            }
        }
    }

    /// Reads the payload of a record that was not given back.
    fn read(&self, passed: &Passed) {
        let Passed { position, record } = passed;
        if record.header.is(flag::PAD) {
            return;
        }
        let ring = self.heap.ring();
        let first = (record.payload / UNIT) as u64;
        for ahead in first..record.units {
            let cell = ring.cell(position + ahead).read();
            // SAFETY: loom reports a writer, and the cell is read until `cell` is dropped.
            let unit = unsafe { cell.as_ptr().read() };
            assert_eq!(unit, payload(record.header, ahead - first), "a payload is what was written");
        }
    }

    /// Takes the next record, and gives it back.
    fn step(&mut self) -> bool {
        let Some(passed) = self.pass() else { return false };
        self.read(&passed);
        self.reader.settle();
        true
    }

    fn steps(mut self, looks: u32) -> Self {
        for _ in 0..looks {
            self.step();
        }
        self
    }

    /// Takes all that is left: the next message is `number`. After the other threads ended.
    fn drain(&mut self, number: u64) {
        while self.step() {}
        assert_eq!(self.number, number, "the stream is whole");
    }
}
