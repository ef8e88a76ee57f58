//! How close together records lie, and that nobody reads anything else for it.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::{Site, payload};
use crate::message::Packing;
use crate::message::spacing::Spacing;
use crate::message::{Frames, MessageProducer};
use crate::producer::TryPublishError;
use crate::ring::records::UNIT;

const LEN: usize = 500;
/// Units of a packed record of that length.
const PACKED: u64 = 1 + (LEN as u64).div_ceil(UNIT as u64);

type Tx = Box<MessageProducer<Frames>>;

fn spacing(tx: &Tx, packing: Packing) -> Spacing {
    Spacing::new(packing, tx.core.publisher.ring().capacity())
}

/// Publishes a message; how far the next position moved.
fn publish(tx: &mut Tx, number: u64) -> Result<u64, TryPublishError> {
    let before = tx.core.publisher.next();
    tx.try_publish(&payload(number, LEN))?;
    Ok(tx.core.publisher.next() - before)
}

#[test]
fn records_are_at_a_distance_while_a_reader_keeps_up_and_packed_in_a_burst() {
    let site = Site::new();
    let mut tx = site.create(1 << 18);
    tx.spacing = spacing(&tx, Packing::Adaptive);
    let mut rx = site.attach("r");
    let mut number = 0;
    let mut moved = 0;
    for _ in 0..1000 {
        moved = publish(&mut tx, number).unwrap();
        assert_eq!(*rx.recv().unwrap().unwrap(), *payload(number, LEN));
        number += 1;
    }
    assert!(moved > 1024 / UNIT as u64, "the reader keeps up: {moved}");

    let mut packed = 0;
    let before = number;
    while let Ok(moved) = publish(&mut tx, number) {
        packed += u64::from(moved == PACKED);
        number += 1;
    }
    // An eighth of the ring is not, at most.
    let fit = (1 << 18) / UNIT as u64 / PACKED;
    assert!(packed > fit - fit / 6, "{packed} of {fit}");
    for number in before..number {
        assert_eq!(*rx.recv().unwrap().unwrap(), *payload(number, LEN));
    }
}

#[test]
fn a_consumer_looks_how_far_the_producer_is_once_in_a_while() {
    let site = Site::new();
    let mut tx = site.create(1 << 18);
    let mut rx = site.attach("r");
    let mut looks = 0;
    for number in 0..1000 {
        publish(&mut tx, number).unwrap();
        let next = rx.core.reader.next();
        let before = rx.distance.due();
        assert!(rx.recv().unwrap().is_some());
        if rx.distance.due() != before {
            assert!(before <= next && next < rx.distance.due());
            looks += 1;
        }
    }
    let passed = rx.core.reader.next() * UNIT as u64;
    assert_eq!(looks, passed.div_ceil(64 << 10), "at the first message, and once in 64 KiB");
}

#[test]
fn while_a_reader_keeps_up_room_is_looked_for_before_it_is_wanted() {
    let site = Site::new();
    let mut tx = site.create(1 << 16);
    tx.spacing = spacing(&tx, Packing::Spaced);
    let mut rx = site.attach("r");
    let mut units = 0;
    for number in 0..1000 {
        let moved = publish(&mut tx, number).unwrap();
        // Some are behind padding.
        units = if number == 0 { moved } else { moved.min(units) };
        assert_eq!(*rx.recv().unwrap().unwrap(), *payload(number, LEN));
        let left = tx.core.publisher.ring().until_wrap(tx.core.publisher.next());
        assert!(tx.is_free(units) || left < units, "message {number}");
    }
}

#[test]
fn where_nobody_is_attached_records_are_packed() {
    let site = Site::new();
    let mut tx = site.create(1 << 16);
    tx.spacing = spacing(&tx, Packing::Adaptive);
    for number in 0..1000 {
        let moved = publish(&mut tx, number).unwrap();
        // Or what is left before the end of the ring as well.
        assert!(
            moved == PACKED || tx.core.publisher.next() % 4096 == PACKED,
            "message {number} took {moved}"
        );
    }
}

/// What happens: a message of so many bytes is published, or so many are received.
#[derive(Debug, Clone, Copy)]
enum Op {
    Publish(usize),
    Receive(usize),
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let len = prop_oneof![0..200usize, 0..3000usize, Just(1008usize)];
    let op = prop_oneof![3 => len.prop_map(Op::Publish), 2 => (1..4usize).prop_map(Op::Receive)];
    prop::collection::vec(op, 0..400)
}

proptest! {
    #[test]
    fn every_packing_carries_everything_in_order(
        packing in prop_oneof![Just(Packing::Dense), Just(Packing::Adaptive), Just(Packing::Spaced)],
        ring in prop_oneof![Just(256u64), Just(1 << 10), Just(1 << 13), Just(1 << 16)],
        ops in ops(),
    ) {
        let site = Site::new();
        let mut tx = site.create(ring);
        tx.spacing = spacing(&tx, packing);
        let mut rx = site.attach("r");
        let mut waiting = VecDeque::new();
        for (number, op) in (0..).zip(ops) {
            match op {
                Op::Publish(len) => {
                    let message = payload(number, len);
                    if tx.try_publish(&message).is_ok() {
                        waiting.push_back(message);
                    }
                }
                Op::Receive(count) => {
                    for _ in 0..count {
                        let Some(expected) = waiting.pop_front() else {
                            prop_assert!(rx.try_recv().is_err());
                            break;
                        };
                        prop_assert_eq!(&*rx.try_recv().unwrap().unwrap(), &*expected);
                    }
                }
            }
        }
        for expected in waiting {
            prop_assert_eq!(&*rx.try_recv().unwrap().unwrap(), &*expected);
        }
    }
}
