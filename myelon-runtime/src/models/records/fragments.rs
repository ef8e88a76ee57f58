//! M4, M3 inside of messages: a message is whole or it is told that it is not, wherever its producer stopped and wherever
//! a reader begins.

use std::sync::Arc;

use loom::thread;

use super::super::{PREEMPTIONS, check};
use super::{Follower, Units, Writer, attach};
use crate::ring::join::Start;
use crate::ring::records::flag;

const FIRST: u16 = flag::MORE;
const MIDDLE: u16 = flag::CONTINUED | flag::MORE;
const LAST: u16 = flag::CONTINUED;

/// What a reader had of the messages: those with an end, and those without.
type Expected<'a> = (&'a [u64], &'a [u64]);

/// A producer writes into a ring of 16 units, of which `skip` messages were read, while a reader follows.
fn follow(skip: u64, write: fn(&Arc<Units>, Writer) -> Writer, expected: Expected<'static>) {
    check(PREEMPTIONS, move || {
        let heap = Units::new(16, 1);
        let mut writer = Writer::new(&heap);
        let mut follower = Follower::seated(&heap);
        for _ in 0..skip {
            assert!(writer.send());
            assert!(follower.step());
        }
        follower.whole.clear();
        let thread = thread::spawn(move || follower.steps(3));
        let writer = write(&heap, writer);
        let mut follower = thread.join().unwrap();
        follower.drain(writer.number);
        assert_eq!((&*follower.whole, &*follower.incomplete), expected);
    });
}

fn three(writer: &mut Writer) {
    assert!(writer.fragment(FIRST, 3));
    assert!(writer.fragment(MIDDLE, 0));
    assert!(writer.fragment(LAST, 0));
}

/// A process dies between two fragments, and the next one takes the ring over.
fn succeeded(heap: &Arc<Units>, dead: Writer) -> Writer {
    drop(dead);
    Writer::new(heap)
}

#[test]
fn three_fragments() {
    follow(
        0,
        |_, mut writer| {
            three(&mut writer);
            writer
        },
        (&[0], &[]),
    );
}

/// The last fragment does not fit the rest of the ring.
#[test]
fn padding_between_fragments() {
    follow(
        4,
        |_, mut writer| {
            three(&mut writer);
            writer
        },
        (&[4], &[]),
    );
}

#[test]
fn a_message_that_was_given_up() {
    follow(
        0,
        |_, mut writer| {
            assert!(writer.fragment(FIRST, 3));
            writer.give_up();
            assert!(writer.send());
            writer
        },
        (&[1], &[0]),
    );
}

/// What a dead producer left is ended by the next message, of which the successor knows the number.
#[test]
fn a_message_whose_producer_died() {
    follow(
        0,
        |heap, mut dead| {
            assert!(dead.fragment(FIRST, 3));
            let mut writer = succeeded(heap, dead);
            assert!(writer.send());
            writer
        },
        (&[1], &[0]),
    );
}

/// The successor finds padding behind the torso, and that it lies inside of a message.
#[test]
fn a_message_whose_producer_died_behind_padding() {
    follow(
        5,
        |heap, mut dead| {
            // From 12 to 15; then one unit of padding.
            assert!(dead.fragment(FIRST, 3));
            assert!(dead.open(2));
            let mut writer = succeeded(heap, dead);
            assert!(writer.send());
            writer
        },
        (&[6], &[5]),
    );
}

/// The successor's first message has fragments as well.
#[test]
fn a_torso_and_then_fragments() {
    follow(
        0,
        |heap, mut dead| {
            assert!(dead.fragment(FIRST, 3));
            let mut writer = succeeded(heap, dead);
            three(&mut writer);
            writer
        },
        (&[1], &[0]),
    );
}

/// Broken: the successor gives its message the number of the torso.
#[test]
#[should_panic(expected = "a message has the number that comes next")]
fn a_successor_that_uses_the_number_of_a_torso() {
    follow(
        0,
        |heap, mut dead| {
            assert!(dead.fragment(FIRST, 3));
            let mut writer = succeeded(heap, dead);
            writer.number -= 1;
            assert!(writer.send());
            writer
        },
        (&[1], &[0]),
    );
}

/// Broken: the successor completes a message of which it does not know how much is there.
#[test]
#[should_panic(expected = "a message is as long as it says")]
fn a_successor_that_completes_a_torso() {
    follow(
        0,
        |heap, mut dead| {
            assert!(dead.fragment(FIRST, 3));
            let mut writer = succeeded(heap, dead);
            writer.number -= 1;
            assert!(writer.fragment(LAST, 0));
            writer
        },
        (&[0], &[]),
    );
}

/// Broken: one who gave up uses the number again for fragments: those of two messages would be joined.
#[test]
#[should_panic(expected = "a message has the number that comes next")]
fn a_number_that_is_not_used_up() {
    follow(
        0,
        |_, mut writer| {
            assert!(writer.fragment(FIRST, 3));
            writer.inside = false;
            assert!(writer.fragment(FIRST, 2));
            assert!(writer.fragment(LAST, 0));
            writer
        },
        (&[1], &[0]),
    );
}

/// A reader joins while a message is written in fragments, over the end of the ring and half-way given up.
fn join(start: Start, give_up: bool) {
    check(2, move || {
        let heap = Units::new(16, 1);
        let mut writer = Writer::new(&heap);
        for _ in 0..11 {
            assert!(writer.send());
        }
        // From 28 to 31; then padding.
        assert!(writer.fragment(FIRST, 3));
        let thread = {
            let heap = heap.clone();
            thread::spawn(move || attach(&heap, start).unwrap().steps(1))
        };
        if give_up {
            writer.fragment(MIDDLE, 0);
            writer.give_up();
        } else {
            writer.fragment(LAST, 0);
        }
        writer.send();
        let mut follower = thread.join().unwrap();
        follower.drain(writer.number);
        assert!(follower.torso.is_none() || follower.whole.is_empty(), "a torso ends where a message begins");
    });
}

/// In the middle of the message: its number is known and the rest passed.
#[test]
fn joined_in_the_middle() {
    join(Start::Latest, false);
}

#[test]
fn joined_in_the_middle_of_a_message_that_is_given_up() {
    join(Start::Latest, true);
}

/// At its beginning, which is still there.
#[test]
fn joined_at_the_message_that_is_being_written() {
    join(Start::At(11), true);
}

/// Behind it, as far as there is anything; else in its middle.
#[test]
fn joined_at_the_message_after() {
    join(Start::At(12), false);
}
