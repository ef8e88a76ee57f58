//! What the consumer of a channel of messages does with the ring.

use std::sync::Arc;

use super::{PAYLOAD, Units, payload};
use crate::ring::reader::Reader;
use crate::ring::records::{Flaw, Record, Standing, UNIT, flag, standing_of_reader};
use crate::ring::{Records, Unit};

/// What a [`Follower`] has of a message.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) number: u64,
    /// Units that are to come.
    pub(super) left: u64,
}

/// A record that was passed and not given back.
pub(super) struct Passed {
    pub(super) position: u64,
    pub(super) record: Record,
}

/// Reads records, and checks that each is the one that comes next.
pub(super) struct Follower {
    pub(super) reader: Reader<Unit, Records>,
    pub(super) number: u64,
    pub(super) torso: Option<u64>,
    pub(super) begun: Option<Begun>,
    /// Messages that it has seen the end of, and those that have none.
    pub(super) whole: Vec<u64>,
    pub(super) incomplete: Vec<u64>,
    /// The kinds of the messages that it has seen the beginning of.
    pub(super) kinds: Vec<u16>,
    /// The words that it reads.
    pub(super) heap: Arc<Units>,
}

impl Follower {
    pub(super) fn new(heap: &Arc<Units>, at: u64, standing: Standing) -> Self {
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
    pub(super) fn at(heap: &Arc<Units>, at: u64) -> Self {
        Self::new(heap, at, standing_of_reader(&heap.ring(), at).expect("a reader finds where it stands"))
    }

    /// The consumer that was there from the beginning. To be called before other threads run.
    pub(super) fn seated(heap: &Arc<Units>) -> Self {
        heap.seat(0, 0);
        Self::at(heap, 0)
    }

    /// Passes the next record if it is there.
    pub(super) fn pass(&mut self) -> Option<Passed> {
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
    pub(super) fn follow(&mut self, record: &Record) {
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
    pub(super) fn read(&self, passed: &Passed) {
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
    pub(super) fn step(&mut self) -> bool {
        let Some(passed) = self.pass() else { return false };
        self.read(&passed);
        self.reader.settle();
        true
    }

    pub(super) fn steps(mut self, looks: u32) -> Self {
        for _ in 0..looks {
            self.step();
        }
        self
    }

    /// Takes all that is left: the next message is `number`. After the other threads ended.
    pub(super) fn drain(&mut self, number: u64) {
        while self.step() {}
        assert_eq!(self.number, number, "the stream is whole");
    }
}
