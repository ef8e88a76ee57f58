//! M2, M3: who joins in the middle begins where a record does, and knows which, while the producer goes round the ring.

use std::sync::Arc;

use loom::thread;

use super::super::{FREE, SEATED, check};
use super::{ANCHORS, Follower, Header, PAYLOAD, Units, Writer, attach};
use crate::ring::entry;
use crate::ring::join::{self, Refused, Start};
use crate::ring::reader::Reader;
use crate::ring::records::standing;
use crate::sync::model::read_while_written;
use crate::sync::{Ordering, fence};

/// A producer that has sent `before` messages into a ring of `capacity` units sends `rounds` more by `send`, if it may,
/// while a consumer joins.
#[derive(Clone, Copy)]
struct Race {
    capacity: usize,
    before: u64,
    rounds: u64,
    send: fn(&mut Writer) -> bool,
}

/// The ring has gone round once: its records begin at 16, 19, 21, 23, 26; padding at 14.
const ROUND: Race = Race { capacity: 16, before: 10, rounds: 3, send: Writer::send };
/// The next message goes behind padding.
const PADDED: Race = Race { capacity: 16, before: 12, rounds: 2, send: Writer::send };

impl Race {
    fn run(self, join: fn(&Arc<Units>) -> Option<Follower>) {
        let Self { capacity, before, rounds, send } = self;
        check(2, move || {
            let heap = Units::new(capacity, 1);
            let mut writer = Writer::new(&heap);
            for _ in 0..before {
                assert!(send(&mut writer));
            }
            let thread = {
                let heap = heap.clone();
                thread::spawn(move || join(&heap))
            };
            for _ in 0..rounds {
                send(&mut writer);
            }
            if let Some(mut follower) = thread.join().unwrap() {
                follower.drain(writer.number);
            }
        });
    }
}

fn latest(heap: &Arc<Units>) -> Option<Follower> {
    let follower = attach(heap, Start::Latest).unwrap();
    assert!(follower.number >= 10);
    Some(follower.steps(1))
}

fn oldest(heap: &Arc<Units>) -> Option<Follower> {
    let follower = attach(heap, Start::Oldest).unwrap();
    assert!(follower.number >= 6, "the ring of 16 units has gone round");
    Some(follower.steps(1))
}

/// A message that is in the ring when the joiner comes, and one of the next lap.
fn at(heap: &Arc<Units>, number: u64) -> Option<Follower> {
    match attach(heap, Start::At(number)) {
        Ok(follower) => {
            assert_eq!((follower.number, follower.torso), (number, None));
            Some(follower.steps(1))
        }
        Err(refused) => {
            assert!(matches!(refused, Refused::Gone { oldest } if oldest > number), "{refused:?}");
            None
        }
    }
}

#[test]
fn at_the_latest() {
    ROUND.run(latest);
}

#[test]
fn at_the_oldest() {
    ROUND.run(oldest);
}

#[test]
fn at_the_oldest_while_padding_is_written() {
    PADDED.run(oldest);
}

#[test]
fn at_the_latest_while_padding_is_written() {
    PADDED.run(latest);
}

#[test]
fn at_a_message() {
    ROUND.run(|heap| at(heap, 8));
}

#[test]
fn at_the_next_message() {
    PADDED.run(|heap| at(heap, 12));
}

/// A reader died at 16, and the producer went on until the ring was full. The next one with its id begins elsewhere, meanwhile
/// the producer tries again.
fn moved(start: Start, expected: (u64, u64)) {
    check(2, move || {
        let heap = Units::new(16, 1);
        let mut writer = Writer::new(&heap);
        for _ in 0..10 {
            assert!(writer.send());
        }
        heap.seat(0, 16);
        while writer.send() {}
        let oldest = heap.ring().oldest(writer.publisher.next());
        assert!(oldest > expected.0, "a newcomer could not begin there");
        let thread = {
            let heap = heap.clone();
            thread::spawn(move || {
                let adopted = entry::adopt(&heap.entries[0], SEATED).unwrap();
                let (ring, cursor) = (heap.ring(), &heap.cursors[0]);
                let (word, at) = join::relocate(&ring, &heap.entries[0], adopted, cursor, start, |_| ());
                word.unwrap();
                let follower = Follower::at(&heap, at.unwrap());
                assert_eq!((at.unwrap(), follower.number, follower.torso), (expected.0, expected.1, None));
                follower.steps(1)
            })
        };
        for _ in 0..2 {
            writer.send();
        }
        thread.join().unwrap().drain(writer.number);
    });
}

#[test]
fn at_the_oldest_of_what_it_kept() {
    moved(Start::Oldest, (16, 6));
}

#[test]
fn at_a_message_of_what_it_kept() {
    moved(Start::At(7), (19, 7));
}

/// A reader came back to the end of what is published in a ring of eight units, all of them messages of two, and gates from
/// there. The producer writes over all that lies before, while the reader looks there for its number.
fn returned(find: fn(&Arc<Units>, u64) -> Follower) {
    let send = |writer: &mut Writer| {
        let sent = writer.put(1);
        writer.flush();
        sent
    };
    read_while_written(|| {
        check(2, move || {
            let heap = Units::new(8, 1);
            let mut writer = Writer::new(&heap);
            for _ in 0..4 {
                assert!(send(&mut writer));
            }
            heap.seat(0, 8);
            let thread = {
                let heap = heap.clone();
                thread::spawn(move || find(&heap, 8))
            };
            for _ in 0..4 {
                assert!(send(&mut writer));
            }
            thread.join().unwrap().drain(writer.number);
        });
    });
}

#[test]
fn the_number_at_the_cursor_is_found_while_the_ring_is_written_over() {
    returned(Follower::at);
}

/// Broken: believes what it found before the published cursor, however far that has come meanwhile.
#[test]
#[should_panic(expected = "a message has the number that comes next")]
fn the_number_at_the_cursor_without_a_second_look() {
    returned(|heap, at| {
        let ring = heap.ring();
        let found = standing(&ring, at, ring.plausible().unwrap());
        Follower::new(heap, at, found.unwrap_or_else(|_| panic!("nothing was found")))
    });
}

/// Nobody gates in a ring of eight units. Its oldest record is at 12, and the header there becomes part of a payload.
fn told(tell: fn(&Units) -> u64) {
    let send = |writer: &mut Writer| {
        let sent = writer.put(u64::from(writer.number % 3 != 1));
        writer.flush();
        sent
    };
    read_while_written(|| {
        check(2, move || {
            let heap = Units::new(8, 0);
            let mut writer = Writer::new(&heap);
            for _ in 0..10 {
                assert!(send(&mut writer));
            }
            assert_eq!(writer.publisher.next(), 18);
            let thread = {
                let heap = heap.clone();
                thread::spawn(move || tell(&heap))
            };
            for _ in 0..3 {
                assert!(send(&mut writer));
            }
            let number = thread.join().unwrap();
            assert!(number < PAYLOAD, "what is no record was taken for one");
        });
    });
}

#[test]
fn the_oldest_number_is_told_to_people() {
    told(|heap| heap.ring().oldest_number());
}

/// Broken: does not look where the producer is afterwards.
#[test]
#[should_panic(expected = "what is no record")]
fn the_oldest_number_without_a_second_look() {
    told(|heap| {
        let ring = heap.ring();
        let published = ring.plausible().unwrap();
        ring.header(ring.boundary(ring.oldest(published), published)).number
    });
}

/// Opens an entry that gates as a joiner's does, at the place that `place` finds, given the published cursor.
fn gating(heap: &Arc<Units>, place: fn(&Units, u64) -> u64) -> u64 {
    let claimed = entry::claim(&heap.entries[0], FREE).unwrap();
    join::provisional(&heap.ring(), &heap.cursors[0], Start::Oldest).unwrap();
    let joining = entry::open(&heap.entries[0], claimed).unwrap();
    fence(Ordering::SeqCst);
    let at = place(heap, heap.published.load(Ordering::Acquire));
    heap.cursors[0].store(at, Ordering::Release);
    entry::activate(&heap.entries[0], joining).unwrap();
    at
}

/// Broken: begins at the oldest unit, whatever lies there.
#[test]
#[should_panic(expected = "what is no record")]
fn at_the_oldest_unit() {
    ROUND.run(|heap| {
        let at = gating(heap, |heap, published| heap.ring().oldest(published));
        Some(Follower::at(heap, at))
    });
}

/// Broken: takes what an anchor names for published because the anchor is there.
#[test]
#[should_panic(expected = "the reader is nowhere")]
fn at_an_anchor_above_the_cursor() {
    ROUND.run(|heap| {
        let at = gating(heap, |heap, _| {
            let anchor = |index| heap.ring().anchor(index).load(Ordering::Relaxed);
            (0..ANCHORS as u64).map(anchor).max().unwrap()
        });
        Reader::new(heap.ring(), 0, at).look().expect("the reader is nowhere");
        None
    });
}

/// Broken: finds its anchor before its entry gates.
#[test]
#[should_panic(expected = "the reader is nowhere")]
fn at_an_anchor_found_before_the_entry_gates() {
    ROUND.run(|heap| {
        let ring = heap.ring();
        let claimed = entry::claim(&heap.entries[0], FREE).unwrap();
        let p0 = heap.published.load(Ordering::Acquire);
        let at = ring.boundary(ring.oldest(p0), p0);
        heap.cursors[0].store(at, Ordering::Relaxed);
        let joining = entry::open(&heap.entries[0], claimed).unwrap();
        fence(Ordering::SeqCst);
        entry::activate(&heap.entries[0], joining).unwrap();
        Some(Follower::at(heap, at))
    });
}

/// Broken: an anchor names the second unit of a run.
#[test]
#[should_panic(expected = "what is no record")]
fn an_anchor_inside_of_a_record() {
    let send = |writer: &mut Writer| {
        let sent = writer.put(1);
        let inside = writer.publisher.next() + 1;
        let units = core::mem::take(&mut writer.pending);
        writer.publisher.ring().anchor(inside >> 1).store(inside, Ordering::Relaxed);
        // SAFETY: written just now, if there was room.
        unsafe { writer.publisher.publish(units) };
        sent
    };
    Race { send, ..ROUND }.run(oldest);
}

/// Broken: nobody leaves anchors; once the ring has gone round there is no place to look from.
#[test]
#[should_panic(expected = "a reader finds where it stands")]
fn without_anchors() {
    let send = |writer: &mut Writer| {
        let sent = writer.put(1);
        let units = core::mem::take(&mut writer.pending);
        // SAFETY: written just now, if there was room.
        unsafe { writer.publisher.publish(units) };
        sent
    };
    Race { send, ..ROUND }.run(latest);
}

/// Broken: padding holds the number of the message before it (M3).
#[test]
#[should_panic(expected = "a message has the number that comes next")]
fn padding_with_the_number_before() {
    let send = |writer: &mut Writer| {
        let left = writer.publisher.ring().until_wrap(writer.publisher.next());
        if left < 3 && writer.has_room(left) {
            writer.pad(left, Header::padding(writer.number - 1, left, false));
        }
        writer.send()
    };
    Race { send, ..PADDED }.run(latest);
}
