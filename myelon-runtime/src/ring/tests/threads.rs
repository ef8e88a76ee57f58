//! Real threads on real processors: order, completeness, wrap-around, comings and goings under load.

use std::thread;

use super::super::entry::{self, State, Word};
use super::super::join::{self, Start};
use super::super::lossy::{self, Copied};
use super::super::publisher::Publisher;
use super::super::reader::Reader;
use super::super::{Dense, Discipline, Stamped};
use super::{Event, Heap, event, peek, try_publish};
use crate::sync::{AtomicU64, Ordering};

const EVENTS: u64 = 20_000;

/// Ends the stream however the producer's part ends, so that a failure there is not a hang elsewhere.
struct Close<D: Discipline>(Publisher<Event, D>);

impl<D: Discipline> Drop for Close<D> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Lets go of the entry of a consumer that failed, so that the producer does not wait for it.
struct Seat<'a>(&'a AtomicU64);

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.store(0, Ordering::Release);
        }
    }
}

fn enter<D: Discipline>(heap: &Heap, index: u32, start: Start) -> (Word, Reader<Event, D>) {
    let (word, cursor, ring) = (&heap.entries[index as usize], heap.cursor(index), heap.ring());
    let claimed = entry::claim(word, entry::read(word).unwrap()).unwrap();
    join::provisional(&ring, cursor, start).unwrap();
    let (active, at) = join::finish(&ring, word, claimed, cursor, start, |_| ());
    (active.unwrap(), Reader::new(ring, index, at.unwrap()))
}

/// Takes at most `most` events; false once the stream has ended.
fn take<D: Discipline>(reader: &mut Reader<Event, D>, most: u64) -> bool {
    let mut looks = 0;
    while !reader.look().unwrap() {
        if reader.end().is_some() && !reader.look().unwrap() {
            return false;
        }
        looks += 1;
        if looks % 64 == 0 {
            thread::yield_now();
        }
    }
    let there = reader.look_ahead(most);
    for ahead in 0..there {
        assert_eq!(peek(reader, ahead), event(reader.next() + ahead));
    }
    reader.acknowledge(there);
    true
}

/// One consumer from the first event on, one that comes and goes, a lossy reader, and a producer in batches.
fn stream<D: Discipline>(capacity: u64) {
    let heap = Heap::new::<Event, D>(capacity, 2);
    assert_eq!(enter::<D>(&heap, 0, Start::Latest).1.next(), 0);
    thread::scope(|scope| {
        let heap = &heap;
        scope.spawn(move || {
            let _seat = Seat(&heap.entries[0]);
            let mut reader = Reader::<Event, D>::new(heap.ring(), 0, 0);
            while take(&mut reader, capacity) {}
            assert_eq!(reader.next(), EVENTS);
        });
        scope.spawn(move || {
            let _seat = Seat(&heap.entries[1]);
            let mut start = Start::Oldest;
            loop {
                let (word, mut reader) = enter::<D>(heap, 1, start);
                let goes_on = (0..50).all(|_| take(&mut reader, 1));
                entry::leave(&heap.entries[1], word, State::Detached).unwrap();
                if !goes_on {
                    break;
                }
                start = if start == Start::Oldest { Start::Latest } else { Start::Oldest };
            }
        });
        scope.spawn(move || {
            let ring = heap.ring::<Event, D>();
            let (mut at, mut seen, mut missed) = (0, 0, 0);
            while at < EVENTS {
                match lossy::copy(&ring, at) {
                    Copied::Event(found) => {
                        assert_eq!(found, event(at));
                        at += 1;
                        seen += 1;
                    }
                    Copied::Lapped { oldest } => {
                        missed += oldest - at;
                        at = oldest;
                    }
                    Copied::NotYet => {
                        assert!(heap.closed_at.load(Ordering::Acquire) > at, "the producer failed");
                        thread::yield_now();
                    }
                    other => panic!("{other:?}"),
                }
            }
            assert_eq!(seen + missed, EVENTS);
        });
        scope.spawn(move || {
            let mut producer = Close(Publisher::<Event, D>::take_over(heap.ring()).unwrap());
            let batch = (capacity / 4).max(1);
            while producer.0.next() < EVENTS {
                let count = batch.min(EVENTS - producer.0.next());
                if !try_publish(&mut producer.0, count) {
                    thread::yield_now();
                }
            }
        });
    });
    heap.assert_untouched_guards();
}

#[test]
fn stamped() {
    for capacity in [1, 2, 8, 64] {
        stream::<Stamped>(capacity);
    }
}

#[test]
fn dense() {
    for capacity in [1, 2, 8, 64] {
        stream::<Dense>(capacity);
    }
}
