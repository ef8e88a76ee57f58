//! Both ends of a channel of messages in one process: what goes in comes out, whatever its length and place.

mod asked;
mod dying;
mod endless;
mod flips;
mod followed;
mod hints;
mod joiners;
mod lossy;
mod mistakes;
mod noted;
mod packing;
mod panics;
mod sequences;

use core::time::Duration;

use super::{Frames, MessageMeta};
use crate::channel::testing::die;
use crate::channel::testing_messages::MessageSite;
use crate::consumer::{RecvError, TryRecvError};
use crate::producer::{PublishError, TryPublishError};
use crate::ring::Start;

type Site = MessageSite<Frames>;

/// The bytes of message `number` of this length.
fn payload(number: u64, len: usize) -> Vec<u8> {
    (0..len as u64).map(|at| (number.wrapping_mul(31) ^ at.wrapping_mul(7) ^ (at >> 8)) as u8).collect()
}

#[test]
fn every_length_around_every_limit_comes_back_aligned_and_in_order() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    let most = tx.max_record();
    assert_eq!(most, 1024 / 4 - 32);
    let mut number = 0;
    for round in 0..40 {
        for len in (0..=most).chain([round]) {
            assert_eq!(tx.publish(&payload(number, len)).unwrap(), number);
            let lease = rx.recv().unwrap().unwrap();
            assert_eq!((&*lease, lease.sequence()), (&payload(number, len)[..], number));
            assert_eq!(lease.as_ptr().addr() % 16, 0);
            assert!(!lease.meta().reassembled);
            drop(lease);
            number += 1;
        }
    }
    assert_eq!((tx.sequence(), rx.sequence()), (number, number));
    assert_eq!((tx.lag(), tx.lag_bytes(), rx.lag()), (0, 0, 0));
}

#[test]
fn a_message_longer_than_the_ring_goes_through_in_fragments_while_it_is_read() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    let lens = [225, 448, 449, 512, 513, 1024, 5000, 100_000, 1 << 20];
    let reading = std::thread::spawn(move || {
        for (number, len) in (0..).zip(lens) {
            let lease = rx.recv().unwrap().unwrap();
            assert_eq!(lease.meta().sequence, number);
            assert!(lease.meta().reassembled);
            assert_eq!(lease.as_ptr().addr() % 16, 0);
            assert!(*lease == payload(number, len)[..], "message {number} of {len} bytes");
        }
        assert!(rx.recv().unwrap().is_none());
    });
    for (number, len) in (0..).zip(lens) {
        assert_eq!(tx.publish(&payload(number, len)).unwrap(), number);
    }
    let too_long = vec![0; (1 << 20) + 1];
    let error = tx.publish(&too_long).unwrap_err();
    assert_eq!(error, PublishError::TooLarge { len: (1 << 20) + 1, max: 1 << 20 });
    tx.into_shared().close();
    reading.join().unwrap();
}

#[test]
fn a_full_ring_is_told_in_messages_and_bytes() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    let mut published = 0;
    let full = loop {
        match tx.try_publish(&[7; 16]) {
            Ok(_) => published += 1,
            Err(TryPublishError::Full(full)) => break full,
            Err(other) => unreachable!("{other}"),
        }
    };
    assert_eq!((published, full.lag, full.lag_bytes), (32, 32, 1024));
    let error = tx.publish_timeout(&[7; 16], Duration::from_millis(1)).unwrap_err();
    assert!(error.to_string().contains("is 32 behind (1024 bytes)"), "{error}");
    assert!(!tx.is_consumed(0));
    drop(rx.recv().unwrap());
    assert!(tx.is_consumed(0) && !tx.is_consumed(1) && !tx.is_consumed(99));
    assert_eq!((tx.lag(), rx.lag()), (31, 31));
    assert_eq!(rx.drain(|_, _| ()).unwrap(), 31);
    tx.wait_consumed(31, Duration::from_secs(9)).unwrap();
}

#[test]
fn drains_and_batches_see_the_same_as_leases_and_tell_the_last() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    let mut number = 0;
    for round in 0..200_u64 {
        let count = 1 + round % 7;
        let messages: Vec<Vec<u8>> =
            (0..count).map(|index| payload(number + index, (round % 60) as usize)).collect();
        assert_eq!(tx.publish_slice(&messages).unwrap(), number);
        if round % 2 == 0 {
            let mut seen: Vec<MessageMeta> = Vec::new();
            let drained = rx.drain(|message, meta| {
                assert_eq!(message, payload(meta.sequence, (round % 60) as usize));
                seen.push(meta);
            });
            assert_eq!(drained.unwrap(), count);
            assert!(seen.iter().map(|meta| meta.sequence).eq(number..number + count));
            assert_eq!(seen.iter().filter(|meta| meta.end_of_batch).count(), 1);
            assert!(seen.last().unwrap().end_of_batch);
        } else {
            let mut batch = rx.batch().unwrap().unwrap();
            assert_eq!(batch.len() as u64, count);
            for index in 0..count {
                assert_eq!(batch.next().unwrap(), payload(number + index, (round % 60) as usize));
                assert_eq!(batch.meta().sequence, number + index);
            }
            assert!(batch.next().is_none() && batch.is_empty());
        }
        number += count;
        assert_eq!(rx.try_recv().unwrap_err(), TryRecvError::Empty);
        assert_eq!(tx.lag_bytes(), 0);
    }
}

#[test]
fn a_claim_publishes_what_is_committed_and_nothing_when_dropped() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    for number in 0..100 {
        drop(tx.claim(100).unwrap());
        let mut claim = tx.claim(100).unwrap();
        assert_eq!((claim.len(), claim.sequence()), (100, 2 * number));
        claim[..5].copy_from_slice(b"hello");
        claim.set_kind(9);
        claim.commit(5).unwrap();
        tx.publish_with(3, |to| to.copy_from_slice(b"abc")).unwrap();
        let lease = rx.recv().unwrap().unwrap();
        assert_eq!((&*lease, lease.meta().kind), (&b"hello"[..], 9));
        drop(lease);
        assert_eq!(rx.recv().unwrap().unwrap().into_owned().unwrap(), b"abc");
    }
    let most = tx.max_record();
    assert!(matches!(tx.claim(most + 1), Err(PublishError::TooLarge { .. })));
    assert!(matches!(tx.claim(4).unwrap().commit(5), Err(PublishError::TooLarge { len: 5, max: 4 })));
}

#[test]
fn a_message_has_the_kind_that_was_said_or_else_zero() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    tx.publish_kind(3, b"x").unwrap();
    tx.publish(b"x").unwrap();
    tx.publish_slice(&[*b"x"]).unwrap();
    tx.publish_batch(1, |_| *b"x").unwrap();
    tx.publish_with(1, |_| ()).unwrap();
    tx.claim(1).unwrap().commit(1).unwrap();
    let mut kinds = Vec::new();
    rx.drain(|_, meta| kinds.push(meta.kind)).unwrap();
    assert_eq!(kinds, [3, 0, 0, 0, 0, 0]);
}

#[test]
fn a_successor_goes_on_and_what_was_half_written_is_told_and_dropped() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    tx.publish(b"one").unwrap();
    // Gives up in the middle: the reader takes nothing.
    let error = tx.publish_timeout(&payload(1, 4000), Duration::from_millis(5)).unwrap_err();
    assert!(error.to_string().contains("the time is up"), "{error}");
    assert_eq!(tx.sequence(), 2);
    die(tx);
    assert_eq!(&*rx.recv().unwrap().unwrap(), b"one");
    let mut tx = site.create(1024);
    assert_eq!(tx.sequence(), 2);
    let publishing = std::thread::spawn(move || {
        tx.publish(b"two").unwrap();
        tx
    });
    loop {
        match rx.recv() {
            Err(RecvError::ProducerDied { sequence: 1, .. }) => {}
            Err(RecvError::Incomplete { sequence: 1 }) => break,
            other => unreachable!("{other:?}"),
        }
    }
    let lease = rx.recv().unwrap().unwrap();
    assert_eq!((&*lease, lease.sequence()), (&b"two"[..], 2));
    drop(lease);
    publishing.join().unwrap().into_shared().close();
    assert!(rx.recv().unwrap().is_none());
}

#[test]
fn consumers_begin_at_the_oldest_the_latest_a_number_or_where_they_stopped() {
    let site = Site::new();
    let mut tx = site.create(1024);
    for number in 0..500 {
        tx.publish(&payload(number, (number % 50) as usize)).unwrap();
    }
    let mut oldest = site.attach("oldest");
    let first = oldest.sequence();
    assert!(first > 0 && first < 500);
    let middle = first + (500 - first) / 2;
    let mut at = site.consumer("at").start(Start::At(middle)).build().unwrap();
    assert!(site.consumer("gone").start(Start::At(3)).build().unwrap_err().to_string().contains('3'));
    assert!(site.consumer("ahead").start(Start::At(501)).build().is_err());
    let mut latest = site.consumer("latest").build().unwrap();
    tx.publish(&payload(500, 0)).unwrap();
    for (rx, from) in [(&mut oldest, first), (&mut at, middle), (&mut latest, 500)] {
        let mut next = from;
        rx.drain(|message, meta| {
            assert_eq!((message, meta.sequence), (&payload(next, (next % 50) as usize)[..], next));
            next += 1;
        })
        .unwrap();
        assert_eq!(next, 501);
    }
    at.into_shared().detach();
    tx.publish(b"more").unwrap();
    let mut at = site.consumer("at").build().unwrap();
    assert_eq!(at.sequence(), 501);
    assert_eq!(&*at.recv().unwrap().unwrap(), b"more");
    latest.drain(|_, _| ()).unwrap();
    die(latest);
    tx.publish(b"again").unwrap();
    let mut latest = site.consumer("latest").build().unwrap();
    assert_eq!((latest.sequence(), &*latest.recv().unwrap().unwrap()), (502, &b"again"[..]));
}
