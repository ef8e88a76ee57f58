//! R9: a producer dies at any step of a batch, its successor goes on, and every consumer sees every sequence
//! exactly once.

use loom::thread;
use std::sync::Arc;

use super::{FREE, Heap, Model, PREEMPTIONS, both, check, event, peek, try_publish};
use crate::ring::entry::{self, State, Word};
use crate::ring::join::{self, Start};
use crate::ring::reader::Reader;
use crate::ring::{Dense, Stamped};
use crate::sync::Ordering;

/// What the dead producer wrote, to tell it from its successor's.
const fn of_the_dead(sequence: u64) -> u64 {
    500 + sequence
}

/// Does the first `steps` steps of publishing 0 and 1 as one batch, and dies.
fn die<D: Model>(heap: &Heap<D>, steps: u32) {
    let ring = heap.ring();
    let mut left = steps;
    let mut step = |act: &dyn Fn()| {
        if left > 0 {
            left -= 1;
            act();
        }
    };
    for sequence in 0..2 {
        // SAFETY: the first two slots are free, and this is the only producer.
        step(&|| unsafe { ring.cell(sequence).write().put(of_the_dead(sequence)) });
    }
    if D::STAMPED {
        for sequence in 0..2 {
            step(&|| heap.stamp(sequence).store(sequence + 1, Ordering::Release));
        }
    }
    step(&|| heap.published.store(2, Ordering::Release));
}

/// Takes what is there in `looks` looks and checks whose it is.
fn follow<D: Model>(reader: &mut Reader<u64, D>, looks: u32, visible: u64) {
    for _ in 0..looks {
        if !reader.look().expect("the stream is whole") {
            continue;
        }
        let next = reader.next();
        let expected = if next < visible { of_the_dead(next) } else { event(next) };
        assert_eq!(peek(reader, 0), expected);
        reader.acknowledge(1);
    }
}

/// The capacity is 8, so that a batch may have two events.
fn at_step<D: Model>(steps: u32) {
    check(PREEMPTIONS, move || {
        let heap = Heap::<D>::new(8, 1);
        heap.seat(0, 0);
        let visible = visible_after::<D>(steps);
        let consumer = {
            let heap = heap.clone();
            thread::spawn(move || follow(&mut Reader::new(heap.ring(), 0, 0), 3, visible))
        };
        die(&heap, steps);
        // The lock of the dead one is free: all that it stored is there for its successor.
        let mut successor = heap.publisher();
        assert_eq!(successor.next(), visible);
        assert!(try_publish(&mut successor, 1));
        assert!(try_publish(&mut successor, 1));
        consumer.join().unwrap();
        let mut reader = heap.reader(0);
        follow(&mut reader, 8, visible);
        assert_eq!(reader.next(), visible + 2);
    });
}

/// How many events the dead one made visible.
fn visible_after<D: Model>(steps: u32) -> u64 {
    match (D::STAMPED, steps) {
        (true, _) => u64::from(steps.saturating_sub(2).min(2)),
        (false, 0..=2) => 0,
        (false, _) => 2,
    }
}

#[test]
fn stamped_at_every_step() {
    for steps in 0..=5 {
        at_step::<Stamped>(steps);
    }
}

#[test]
fn dense_at_every_step() {
    for steps in 0..=3 {
        at_step::<Dense>(steps);
    }
}

both! {
    a_consumer_joins_meanwhile => joins;
}

/// The published cursor is stale by one event; a successor repairs it and wraps the ring of four, while a
/// consumer joins at the latest event.
fn joins<D: Model>() {
    race::<D>(FREE, 0, Start::Latest);
}

/// A consumer that was ahead of the stale cursor comes back where it stopped.
#[test]
fn a_consumer_ahead_of_the_published_cursor_resumes() {
    race::<Stamped>(Word { state: State::Detached, epoch: 1 }, 4, Start::Resume);
}

fn race<D: Model>(word: Word, cursor: u64, start: Start) {
    check(PREEMPTIONS, move || {
        let heap = Heap::<D>::new(4, 1);
        heap.cursors[0].store(cursor, Ordering::Relaxed);
        heap.entries[0].store(word.encode(), Ordering::Relaxed);
        let mut dead = heap.publisher();
        for _ in 0..4 {
            assert!(try_publish(&mut dead, 1));
        }
        // It dies between the last stamp and the published cursor.
        heap.published.store(3, Ordering::Release);
        let consumer = {
            let heap: Arc<Heap<D>> = heap.clone();
            thread::spawn(move || {
                let ring = heap.ring();
                let claimed = entry::claim(&heap.entries[0], word).unwrap();
                join::provisional(&ring, &heap.cursors[0], start).unwrap();
                let (word, at) =
                    join::finish(&ring, &heap.entries[0], claimed, &heap.cursors[0], start, |_| ());
                word.unwrap();
                let at = at.unwrap();
                assert!(start != Start::Resume || at == cursor);
                follow(&mut Reader::new(ring, 0, at), 2, 0);
            })
        };
        let mut successor = heap.publisher();
        for _ in 0..2 {
            try_publish(&mut successor, 1);
        }
        consumer.join().unwrap();
        let mut reader = heap.reader(0);
        follow(&mut reader, 8, 0);
        assert_eq!(reader.next(), successor.next());
    });
}

/// Broken: goes on at the published cursor, whatever the stamps say, under the eyes of a consumer.
#[test]
#[should_panic(expected = "Causality violation")]
fn a_successor_that_does_not_look_at_the_stamps() {
    check(PREEMPTIONS, || {
        let heap = Heap::<Stamped>::new(8, 1);
        heap.seat(0, 0);
        let consumer = {
            let heap = heap.clone();
            thread::spawn(move || follow(&mut Reader::new(heap.ring(), 0, 0), 1, 1))
        };
        die(&heap, 3);
        let ring = heap.ring();
        let next = heap.published.load(Ordering::Acquire);
        // SAFETY: none; loom reports it.
        unsafe { ring.cell(next).write().put(event(next)) };
        ring.show(next, next + 1);
        consumer.join().unwrap();
    });
}

/// Broken: stamps a batch before all of its slots are written; the successor takes the rest for whole.
#[test]
#[should_panic(expected = "assertion")]
fn a_batch_that_is_stamped_before_it_is_written() {
    check(PREEMPTIONS, || {
        let heap = Heap::<Stamped>::new(8, 1);
        heap.seat(0, 0);
        let consumer = {
            let heap = heap.clone();
            thread::spawn(move || follow(&mut Reader::new(heap.ring(), 0, 0), 2, 2))
        };
        heap.stamp(0).store(1, Ordering::Release);
        let mut successor = heap.publisher();
        assert!(try_publish(&mut successor, 1));
        consumer.join().unwrap();
    });
}
