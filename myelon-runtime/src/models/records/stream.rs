//! M1, M5: a reader finds whole records, one behind the other, however the producer puts runs together.

use loom::thread;

use super::super::{PREEMPTIONS, check};
use super::{Follower, Header, Units, Writer, payload};
use crate::sync::Ordering;

/// A reader of `looks` looks, and a producer that starts `skip` messages into a ring of 16 units, all of them read.
fn stream(preemptions: usize, skip: u64, read: fn(Follower) -> Follower, write: fn(&mut Writer)) {
    check(preemptions, move || {
        let heap = Units::new(16, 1);
        let mut writer = Writer::new(&heap);
        let mut follower = Follower::seated(&heap);
        for _ in 0..skip {
            assert!(writer.send());
            assert!(follower.step());
        }
        let thread = thread::spawn(move || read(follower));
        write(&mut writer);
        let mut follower = thread.join().unwrap();
        follower.drain(writer.number);
        assert_eq!(follower.whole, Vec::from_iter(0..writer.number));
    });
}

fn four_looks(follower: Follower) -> Follower {
    follower.steps(4)
}

/// Two records in one run, a long one that needs a run of its own.
#[test]
fn runs_of_several_records() {
    stream(PREEMPTIONS, 0, four_looks, |writer| {
        assert!(writer.put(1));
        assert!(writer.put(0));
        assert!(writer.put(3));
        writer.flush();
    });
}

/// The sixth message ends two units before the ring does.
#[test]
fn padding_at_the_end_of_the_ring() {
    stream(PREEMPTIONS, 6, four_looks, |writer| {
        assert!(writer.put(2));
        assert!(writer.put(0));
        writer.flush();
    });
}

/// What is pending goes out before the padding.
#[test]
fn padding_behind_a_run() {
    stream(PREEMPTIONS, 5, four_looks, |writer| {
        assert!(writer.put(0));
        assert!(writer.put(3));
        writer.flush();
    });
}

/// The ring goes round while the reader is behind; it gates from the record that it reads.
#[test]
fn a_reader_that_is_a_ring_behind() {
    check(2, || {
        let heap = Units::new(16, 1);
        let mut writer = Writer::new(&heap);
        let follower = Follower::seated(&heap);
        while writer.send() {}
        let thread = thread::spawn(move || follower.steps(3));
        for _ in 0..2 {
            writer.send();
        }
        thread.join().unwrap().drain(writer.number);
    });
}

/// A claim is written, header and all, and dropped; what comes instead lies in the same units.
#[test]
fn a_claim_that_is_dropped_is_written_anew() {
    stream(PREEMPTIONS, 0, four_looks, |writer| {
        writer.kind = 2;
        assert!(writer.put(1));
        assert!(writer.put(0));
        writer.discard();
        writer.kind = 3;
        assert!(writer.put(2));
        writer.flush();
        assert!(writer.put(1));
        writer.flush();
    });
}

/// A payload that was built from the end of its slot: what is before becomes padding (M5).
fn from_the_end(writer: &mut Writer, padding: bool) {
    let header = writer.header(1, 0);
    assert!(writer.open(4));
    if padding {
        writer.put_unit(0, Header::padding(writer.number, 2, false).encode());
    }
    writer.pending += 2;
    writer.fill(header);
    writer.seal(header, 1);
    writer.flush();
}

#[test]
fn a_payload_built_from_the_end_of_its_slot() {
    stream(PREEMPTIONS, 0, four_looks, |writer| {
        from_the_end(writer, true);
        assert!(writer.send());
    });
}

/// Leases of a batch are read after they are passed, and given back together.
fn batch(mut follower: Follower) -> Follower {
    for _ in 0..2 {
        let batch = Vec::from_iter(core::iter::from_fn(|| follower.pass()).take(2));
        for passed in &batch {
            follower.read(passed);
        }
        follower.reader.settle();
    }
    follower
}

fn full(read: fn(Follower) -> Follower) {
    check(PREEMPTIONS, move || {
        let heap = Units::new(8, 1);
        let mut writer = Writer::new(&heap);
        let follower = Follower::seated(&heap);
        while writer.put(1) {
            writer.flush();
        }
        let thread = thread::spawn(move || read(follower));
        for _ in 0..2 {
            writer.put(1);
            writer.flush();
        }
        thread.join().unwrap().drain(writer.number);
    });
}

#[test]
fn a_batch_is_given_back_at_once() {
    full(batch);
}

/// Broken: gives a batch back and reads it then.
#[test]
#[should_panic(expected = "Causality violation")]
fn a_batch_is_given_back_and_then_read() {
    full(|mut follower| {
        let batch = Vec::from_iter(core::iter::from_fn(|| follower.pass()).take(2));
        follower.reader.settle();
        for passed in &batch {
            follower.read(passed);
        }
        follower
    });
}

/// Broken: the header is there and published, and the payload comes after.
#[test]
#[should_panic(expected = "Causality violation")]
fn published_before_its_payload() {
    stream(PREEMPTIONS, 0, four_looks, |writer| {
        let header = writer.header(1, 0);
        assert!(writer.open(2));
        writer.seal(header, 1);
        let ring = writer.publisher.ring();
        ring.show(0, 2);
        writer.pending = 0;
        writer.put_unit(1, payload(header, 0));
    });
}

/// Broken: the published cursor of a record does not release it.
#[test]
#[should_panic(expected = "Causality violation")]
fn published_by_a_relaxed_store() {
    stream(PREEMPTIONS, 0, four_looks, |writer| {
        assert!(writer.put(1));
        writer.publisher.ring().published().store(2, Ordering::Relaxed);
    });
}

/// Broken: publishes a record without its last unit.
#[test]
#[should_panic(expected = "flawed: a record is longer than what is published")]
fn published_without_its_end() {
    stream(PREEMPTIONS, 0, four_looks, |writer| {
        assert!(writer.put(1));
        writer.pending -= 1;
        writer.flush();
    });
}

/// Broken: no padding before a record that does not fit the rest of the ring.
#[test]
#[should_panic(expected = "flawed: a record is longer than any that fits the ring")]
fn a_record_across_the_end() {
    stream(PREEMPTIONS, 6, four_looks, |writer| {
        let header = writer.header(2, 0);
        assert!(writer.has_room(3));
        writer.fill(header);
        writer.seal(header, 2);
        writer.flush();
    });
}

/// Broken: no padding before a payload that was built from the end; the reader finds what was there a lap before.
#[test]
#[should_panic(expected = "a message has the number that comes next")]
fn a_gap_before_a_record() {
    stream(PREEMPTIONS, 6, four_looks, |writer| {
        assert!(writer.send());
        from_the_end(writer, false);
    });
}

/// Broken: looks at the header behind the published cursor, because it is there.
#[test]
#[should_panic(expected = "Causality violation")]
fn a_header_beyond_the_cursor() {
    fn beyond(follower: Follower) -> Follower {
        follower.heap.ring().header(follower.reader.next());
        follower
    }
    stream(PREEMPTIONS, 0, beyond, |writer| assert!(writer.send()));
}
