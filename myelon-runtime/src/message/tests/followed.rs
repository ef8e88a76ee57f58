//! A drain of plain bytes hands a message out before it looks at the next one, if it is sure that one follows. Where it cannot
//! be sure it looks: the last message is told to be the last, whatever lies behind it.

use super::{Frames, Site, payload};
use crate::message::producer::{Plan, Slot};
use crate::message::{MessageConsumer, MessageProducer};
use crate::producer::TryPublishError;
use crate::ring::records::flag;
use crate::wait::patience::Now;

type Ends = (Box<MessageProducer<Frames>>, Box<MessageConsumer<Frames>>);

/// Bytes of a ring; a record has at most a quarter of it.
const RING: u64 = 1024;

fn ends() -> Ends {
    let site = Site::new();
    (site.create(RING), site.attach("r"))
}

/// Publishes so many messages of a length.
fn publish(tx: &mut MessageProducer<Frames>, count: usize, len: usize) {
    for _ in 0..count {
        tx.try_publish(&payload(tx.sequence(), len)).unwrap();
    }
}

/// What a drain tells of each: whether it is the last.
fn drained(rx: &mut MessageConsumer<Frames>) -> Vec<bool> {
    let mut last = Vec::new();
    rx.try_drain(|message, meta| {
        assert_eq!(message, payload(meta.sequence, message.len()));
        last.push(meta.end_of_batch);
    })
    .unwrap();
    last
}

/// The last of so many, and only that one.
fn last_of(count: usize) -> Vec<bool> {
    (1..=count).map(|number| number == count).collect()
}

#[test]
fn in_front_of_the_first_piece_of_a_message() {
    for before in 1..8 {
        let (mut tx, mut rx) = ends();
        publish(&mut tx, before, 48);
        let largest = tx.largest();
        let slot: Result<Slot, TryPublishError> = tx.open(largest, true, &mut Now);
        tx.seal(slot.unwrap(), 0, largest, Plan { kind: 0, flags: flag::MORE, total: 2 * largest as u64 });
        tx.flush();
        assert_eq!(drained(&mut rx), last_of(before), "{before}");
    }
}

#[test]
fn in_front_of_padding_at_the_end_of_the_ring() {
    for before in 1..4 {
        let (mut tx, mut rx) = ends();
        publish(&mut tx, 12, 48);
        assert_eq!(drained(&mut rx), last_of(12));
        publish(&mut tx, before, 48);
        // What is left of the ring is too short for it: it is padded at once, and the claim is dropped.
        let left = tx.core.publisher.ring().until_wrap(tx.core.publisher.next()) * 16;
        if left != 0 && left < RING {
            drop(tx.try_claim(left as usize).unwrap());
        }
        assert_eq!(tx.core.publisher.next() % (RING / 16), 0, "padded");
        assert_eq!(drained(&mut rx), last_of(before), "{before}");
        publish(&mut tx, 2, 48);
        assert_eq!(drained(&mut rx), last_of(2));
    }
}

#[test]
fn wherever_the_last_one_ends_in_the_ring() {
    for len in [0, 16, 33, 48, 100, 224] {
        let (mut tx, mut rx) = ends();
        for count in [1, 2, 3, 4, 2, 1, 3].iter().cycle().take(200) {
            let count = (*count).min(if len > 100 { 2 } else { 4 });
            publish(&mut tx, count, len);
            assert_eq!(drained(&mut rx), last_of(count));
        }
    }
}

#[test]
fn after_a_message_that_was_joined() {
    let (mut tx, mut rx) = ends();
    let long = payload(0, 400);
    tx.try_publish(&long).unwrap();
    publish(&mut tx, 3, 48);
    assert_eq!(drained(&mut rx), last_of(4));
}

#[test]
fn a_handler_that_breaks_off_leaves_the_rest() {
    let (mut tx, mut rx) = ends();
    publish(&mut tx, 8, 48);
    let mut seen = Vec::new();
    let broken = rx.try_drain_while(|_, meta| {
        seen.push(meta.sequence);
        if meta.sequence == 2 {
            core::ops::ControlFlow::Break(())
        } else {
            core::ops::ControlFlow::Continue(())
        }
    });
    assert_eq!((broken.unwrap(), &seen[..]), (3, &[0, 1, 2][..]));
    assert_eq!(rx.lag(), 5);
    assert_eq!(drained(&mut rx), last_of(5));
}

#[test]
fn a_handler_that_panics_has_seen_its_message() {
    let (mut tx, mut rx) = ends();
    publish(&mut tx, 8, 48);
    let panics = std::panic::AssertUnwindSafe(|| {
        rx.try_drain(|_, meta| {
            if meta.sequence == 2 {
                // Not `panic!`: nobody wants to read of it.
                std::panic::resume_unwind(Box::new(()));
            }
        })
    });
    assert!(std::panic::catch_unwind(panics).is_err());
    assert_eq!(rx.lag(), 5);
    assert_eq!(drained(&mut rx), last_of(5));
}
