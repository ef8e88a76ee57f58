//! R7 in a ring of records: what a lossy reader takes for a message is that message, and it begins again where a record
//! does, however the producer laps it.

use loom::thread;

use super::super::check;
use super::{PAYLOAD, Units, Writer, payload};
use crate::ring::records::{Flaw, Record, RecordRing, Sight, flag};
use crate::sync::model::read_while_written;

/// The steps of a lossy reader, for variants that get one wrong.
#[derive(Clone, Copy)]
struct Steps {
    sight: fn(&RecordRing, u64) -> Sight,
    copy: fn(&RecordRing, u64, &Record, &mut [u8]) -> bool,
    resume: fn(&RecordRing, u64) -> u64,
}

const RIGHT: Steps = Steps {
    sight: RecordRing::sight,
    copy: RecordRing::copy_payload,
    resume: |ring, published| ring.boundary_after_lap(published, 0),
};

struct Glancer {
    ring: RecordRing,
    steps: Steps,
    at: u64,
    /// The next message, and whether that is sure.
    number: u64,
    is_sure: bool,
}

impl Glancer {
    /// Looks once. Whatever it then believes is checked.
    fn step(&mut self) {
        match (self.steps.sight)(&self.ring, self.at) {
            Sight::Record(record) => self.take(&record),
            Sight::NotYet => {}
            Sight::Lapped => self.resume(),
            Sight::Flawed(Flaw(what)) => panic!("foreign: {what}"),
            Sight::Implausible { published } => panic!("{published} before {}", self.at),
        }
    }

    fn resume(&mut self) {
        self.at = (self.steps.resume)(&self.ring, self.ring.plausible().unwrap());
        self.is_sure = false;
    }

    fn take(&mut self, record: &Record) {
        let header = record.header;
        assert!(header.number < PAYLOAD, "foreign: a payload was taken for a header");
        assert!(header.number >= self.number, "foreign: a message of a former lap");
        assert!(header.number == self.number || !self.is_sure, "foreign: a message was passed unseen");
        (self.number, self.is_sure) = (header.number, true);
        if !header.is(flag::PAD) {
            let mut bytes = vec![0; header.len as usize];
            if !(self.steps.copy)(&self.ring, self.at, record, &mut bytes) {
                return self.resume();
            }
            let units = (0..).flat_map(|index| payload(header, index).bytes());
            assert!(bytes.iter().copied().eq(units.take(bytes.len())), "foreign: another payload");
            self.number += 1;
        }
        self.at += record.units;
    }
}

/// Sends the next message: one that fits a quantum of the ring. (In the smaller ring, which has fewer interleavings, records
/// come round to where they were a lap before; in the larger one they do not.)
fn send(capacity: usize, writer: &mut Writer) {
    let units = if capacity == 8 { writer.number % 2 } else { 1 + u64::from(writer.number % 3 == 0) };
    assert!(writer.put(units), "nobody gates");
    writer.flush();
}

/// A producer that nobody holds back sends `rounds` messages more into a ring that is full.
fn lap(capacity: usize, before: u64, rounds: u64, looks: u32, steps: Steps) {
    read_while_written(|| {
        check(2, move || {
            let heap = Units::new(capacity, 0);
            let mut writer = Writer::new(&heap);
            for _ in 0..before {
                send(capacity, &mut writer);
            }
            let ring = heap.ring();
            let at = ring.boundary_after_lap(writer.publisher.next(), 0);
            let number = ring.header(at).number;
            let mut glancer = Glancer { ring, steps, at, number, is_sure: true };
            let thread = {
                let heap = heap.clone();
                thread::spawn(move || {
                    let _heap = heap;
                    for _ in 0..looks {
                        glancer.step();
                    }
                })
            };
            for _ in 0..rounds {
                send(capacity, &mut writer);
            }
            thread.join().unwrap();
        });
    });
}

#[test]
fn lapped_at_any_step() {
    for before in 6..9 {
        lap(8, before, 2, 2, RIGHT);
    }
}

#[test]
fn lapped_by_far() {
    lap(8, 6, 5, 1, RIGHT);
}

/// Broken: believes a header that it did not ask for a second time.
#[test]
#[should_panic(expected = "foreign")]
fn a_header_without_a_second_look() {
    let sight = |ring: &RecordRing, at| {
        let published = ring.plausible().unwrap();
        if at >= published {
            return Sight::NotYet;
        }
        if at < ring.oldest(published) {
            return Sight::Lapped;
        }
        Record::at(ring, at, published - at).map_or_else(Sight::Flawed, Sight::Record)
    };
    lap(8, 6, 6, 3, Steps { sight, ..RIGHT });
}

/// Broken: believes a payload because its header was there.
#[test]
#[should_panic(expected = "foreign: another payload")]
fn a_payload_without_a_second_look() {
    let copy = |ring: &RecordRing, at: u64, record: &Record, to: &mut [u8]| {
        let _ = ring.copy_payload(at, record, to);
        true
    };
    lap(8, 6, 6, 3, Steps { copy, ..RIGHT });
}

/// Broken: takes the oldest unit that is there for the beginning of a record.
#[test]
#[should_panic(expected = "foreign")]
fn resumed_where_no_record_begins() {
    lap(16, 8, 3, 3, Steps { resume: RecordRing::oldest, ..RIGHT });
}

/// Broken: forgets that the producer may write a quantum beyond what it has published.
#[test]
#[should_panic(expected = "foreign")]
fn without_the_quantum() {
    let copy = |ring: &RecordRing, at: u64, record: &Record, to: &mut [u8]| {
        let _ = ring.copy_payload(at, record, to);
        ring.plausible().unwrap() <= at + ring.capacity()
    };
    lap(16, 7, 6, 3, Steps { copy, ..RIGHT });
}
