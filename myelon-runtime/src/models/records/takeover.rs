//! M1, M2 across a death (R9): a producer dies at any step of a message; what it did not publish is written over, and an
//! anchor that it left names the place where its successor goes on.

use loom::thread;

use super::super::check;
use super::{Follower, KIND, Units, Writer, attach};
use crate::ring::join::Start;
use crate::sync::Ordering;

/// The kind of what the dead producer wrote, to tell it from its successor's.
const DEAD: u16 = 2;

/// The steps of a message: payload, header, anchor, published cursor.
const STEPS: u32 = 4;

/// Payloads of the messages before, in units. The first leaves the dead one an eighth of the ring that has an anchor, the
/// second one that has none.
const BEFORE: [u64; 2] = [0, 1];

/// Does the first `steps` steps of the next message, of which there are two units, and dies.
fn die(heap: &Units, steps: u32) {
    let mut dead = Writer::new(heap);
    dead.kind = DEAD;
    let header = dead.header(1, 0);
    assert!(dead.open(2));
    if steps > 0 {
        dead.fill(header);
    }
    if steps > 1 {
        dead.put_unit(0, header.encode());
    }
    if steps > 2 {
        dead.marks.mark(&dead.publisher);
    }
    if steps > 3 {
        // SAFETY: written just now.
        unsafe { dead.publisher.publish(2) };
    }
}

/// What comes after a death: one successor dies as well, just before it publishes, and the next one goes on.
fn succeed(heap: &Units) -> Writer {
    die(heap, 3);
    let mut writer = Writer::new(heap);
    assert!(writer.send());
    writer
}

/// A consumer that was there follows.
fn follow(steps: u32, before: u64) {
    check(2, move || {
        let heap = Units::new(16, 1);
        let mut first = Writer::new(&heap);
        assert!(first.put(before));
        first.flush();
        let follower = Follower::seated(&heap);
        let thread = thread::spawn(move || follower.steps(3));
        die(&heap, steps);
        let writer = succeed(&heap);
        let mut follower = thread.join().unwrap();
        follower.drain(writer.number);
        let published: &[u16] = if steps < STEPS { &[KIND, KIND] } else { &[KIND, DEAD, KIND] };
        assert_eq!(follower.kinds, published);
    });
}

#[test]
fn a_consumer_follows_at_every_step() {
    for steps in 0..=STEPS {
        for before in BEFORE {
            follow(steps, before);
        }
    }
}

/// A consumer joins meanwhile.
fn race(before: u64, start: Start, dying: fn(&Units) -> Writer) {
    check(2, move || {
        let heap = Units::new(16, 1);
        let mut first = Writer::new(&heap);
        assert!(first.put(before));
        first.flush();
        let thread = {
            let heap = heap.clone();
            thread::spawn(move || attach(&heap, start).unwrap().steps(1))
        };
        let writer = dying(&heap);
        let mut follower = thread.join().unwrap();
        follower.drain(writer.number);
    });
}

fn between_mark_and_publish(heap: &Units) -> Writer {
    die(heap, 3);
    succeed(heap)
}

#[test]
fn a_consumer_joins_at_the_oldest() {
    for before in BEFORE {
        race(before, Start::Oldest, between_mark_and_publish);
    }
}

#[test]
fn a_consumer_joins_at_the_latest() {
    for before in BEFORE {
        race(before, Start::Latest, between_mark_and_publish);
    }
}

#[test]
fn a_consumer_joins_at_the_message_that_was_lost() {
    for before in BEFORE {
        race(before, Start::At(1), between_mark_and_publish);
    }
}

/// Broken: a successor leaves an anchor where its eighth has one, and dies. Nothing that is published has one then.
#[test]
#[should_panic(expected = "a reader finds where it stands")]
fn a_successor_that_moves_an_anchor() {
    race(0, Start::Latest, |heap| {
        let successor = Writer::new(heap);
        heap.ring().anchor(0).store(successor.publisher.next(), Ordering::Relaxed);
        successor
    });
}

/// Broken: a successor takes the header that it finds behind the published cursor for that of a whole record.
#[test]
#[should_panic(expected = "a payload is what was written")]
fn a_successor_that_completes_a_record() {
    race(0, Start::Oldest, |heap| {
        let mut dead = Writer::new(heap);
        let header = dead.header(1, 0);
        assert!(dead.open(2));
        dead.put_unit(0, header.encode());
        let mut successor = Writer::new(heap);
        assert!(successor.has_room(2));
        let found = heap.ring().header(successor.publisher.next());
        successor.pending = found.units();
        successor.number += 1;
        successor.flush();
        successor
    });
}
