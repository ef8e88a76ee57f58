//! N2: a record that is read is one that was written, whole, however its writer goes over it or dies in it.

use std::sync::Arc;

use loom::thread;

use super::check;
use crate::lifecycle::log::{Log, Slot};
use crate::lifecycle::{Label, LifecycleEvent, Note, Whom};
use crate::sync::{Ordering, fence};

/// Words that tell whether they belong together. The fifth one is a label's, zero in all.
fn note(number: u64) -> Note {
    let what = LifecycleEvent::Attached.into();
    Note { at: number, what, whom: Whom::Producer, pid: 0, sequence: number, label: Label::NONE }
}

/// A log of one record, which is written over while somebody reads.
fn overwritten(write: fn(&Slot, u64), read: fn(&Slot) -> Option<u64>) {
    check(2, move || {
        let log = Arc::new(Log::<1>::new());
        log.write(&note(1));
        let reader = {
            let log = Arc::clone(&log);
            thread::spawn(move || read(log.slot(0)))
        };
        write(log.slot(0), 2);
        if let Some(found) = reader.join().unwrap() {
            assert!((1..=2).contains(&found), "a record that nobody wrote");
        }
        assert_eq!(log.notes(), [note(2)]);
    });
}

fn whole(words: [u64; 7]) -> u64 {
    let note = Note::decode(words).expect("a whole record");
    assert_eq!(note.at, note.sequence, "torn");
    note.at
}

fn write(slot: &Slot, number: u64) {
    slot.write(number, note(number).encode());
}

fn read(slot: &Slot) -> Option<u64> {
    let (number, words) = slot.read()?;
    assert_eq!(whole(words), number, "torn");
    Some(number)
}

#[test]
fn a_record_is_read_whole_or_not_at_all() {
    overwritten(write, read);
}

/// Broken: the number stays while the words change.
#[test]
#[should_panic(expected = "torn")]
fn without_taking_the_number_away() {
    overwritten(
        |slot, number| {
            slot.fill(note(number).encode());
            slot.number.store(number, Ordering::Release);
        },
        read,
    );
}

/// Broken: the words may be stored before the number is gone.
#[test]
#[should_panic(expected = "torn")]
fn without_the_writers_fence() {
    overwritten(
        |slot, number| {
            slot.number.store(0, Ordering::Relaxed);
            slot.fill(note(number).encode());
            slot.number.store(number, Ordering::Release);
        },
        read,
    );
}

/// Broken: the number comes back before the words are there.
#[test]
#[should_panic(expected = "torn")]
fn with_the_number_first() {
    overwritten(
        |slot, number| {
            slot.number.store(0, Ordering::Relaxed);
            fence(Ordering::Release);
            slot.number.store(number, Ordering::Release);
            slot.fill(note(number).encode());
        },
        read,
    );
}

/// Broken: the second look at the number may be older than the words.
#[test]
#[should_panic(expected = "torn")]
fn without_the_readers_fence() {
    overwritten(write, |slot| {
        let number = slot.number.load(Ordering::Acquire);
        let words = slot.copy();
        if number == 0 || slot.number.load(Ordering::Relaxed) != number {
            return None;
        }
        assert_eq!(whole(words), number, "torn");
        Some(number)
    });
}

/// Broken: looks at the number only before.
#[test]
#[should_panic(expected = "torn")]
fn without_a_second_look() {
    overwritten(write, |slot| {
        let number = slot.number.load(Ordering::Acquire);
        let words = slot.copy();
        if number == 0 {
            return None;
        }
        assert_eq!(whole(words), number, "torn");
        Some(number)
    });
}
