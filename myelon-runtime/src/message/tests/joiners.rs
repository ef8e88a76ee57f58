//! Consumers on their way in: held up while the producer goes round the ring, and what a producer learns of its messages
//! meanwhile.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

use super::{Site, payload};
use crate::ring::Start;
use crate::ring::entry::{State, Word, read};
use crate::ring::records::{Header, Standing, standing, standing_of_reader};
use crate::sync::Ordering;

/// Headers of a message that is far ahead: who begins to read among them believes it.
fn images(units: usize) -> Vec<u8> {
    let header = Header { number: 1 << 40, len: 0, kind: 0, flags: 0, slack: 0, lead: 0 };
    // SAFETY: a unit is two words.
    let words: [u64; 2] = unsafe { core::mem::transmute(header.encode()) };
    (0..units).flat_map(|_| words).flat_map(u64::to_ne_bytes).collect()
}

#[test]
fn whether_a_message_is_consumed_does_not_depend_on_where_one_who_joins_stands() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    let joiner = site.attach("joiner");
    let ring = *joiner.core.reader.ring();
    let index = joiner.core.reader.entry();
    let (entry, cursor) = (ring.entry(index).unwrap(), ring.cursor(index).unwrap());
    let mut ends = Vec::new();
    for lap in 0..200_u64 {
        let at = tx.core.publisher.next();
        cursor.store(at, Ordering::Release);
        tx.publish(&images(lap as usize % 13)).unwrap();
        ends.push(tx.core.publisher.next());
        if lap % 3 != 0 {
            drop(rx.recv().unwrap());
        }
        while rx.lag() > 2 {
            drop(rx.recv().unwrap());
        }
        // The other one is joining now, with a cursor that may stand anywhere.
        let active = read(entry).unwrap();
        entry.store(Word { state: State::Joining, ..active }.encode(), Ordering::Release);
        let published = tx.core.publisher.next();
        let certain = ring.boundary(ring.oldest(published), published);
        for provisional in ring.oldest(published)..=published {
            cursor.store(provisional, Ordering::Release);
            for number in lap.saturating_sub(30)..=lap {
                let end = ends[number as usize];
                let released = provisional >= end && number < rx.sequence();
                let consumed = tx.is_consumed(number);
                assert!(released || !consumed, "{number} is not consumed while one stands at {provisional}");
                // What is older than the oldest record that is known of counts as that.
                assert!(consumed || !released || provisional < certain, "{number} is consumed");
            }
            assert!(!tx.is_consumed(lap + 1));
        }
        cursor.store(published, Ordering::Release);
        entry.store(active.encode(), Ordering::Release);
        for number in lap.saturating_sub(30)..=lap {
            assert_eq!(tx.is_consumed(number), number < rx.sequence(), "nobody joins any more");
        }
    }
}

/// One who attaches moves from a cursor that stands anywhere to where it begins, again and again, in the middle of the
/// producer's questions.
#[test]
fn a_message_that_somebody_has_not_released_is_never_taken_for_consumed_while_others_join() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    let joiner = site.attach("joiner");
    for message in [images(12), images(10)] {
        tx.publish(&message).unwrap();
    }
    drop(rx.recv().unwrap());
    let begin = rx.core.reader.next();
    let (done, rounds) = (&AtomicBool::new(false), &AtomicU32::new(0));
    std::thread::scope(|scope| {
        let _done = Done(done);
        scope.spawn(|| {
            let ring = *joiner.core.reader.ring();
            let index = joiner.core.reader.entry();
            let (entry, cursor) = (ring.entry(index).unwrap(), ring.cursor(index).unwrap());
            let was = read(entry).unwrap();
            for epoch in was.epoch + 1.. {
                entry.store(Word { state: State::Joining, epoch }.encode(), Ordering::Release);
                cursor.store(5, Ordering::Release);
                (0..epoch % 50).for_each(|_| core::hint::spin_loop());
                cursor.store(begin, Ordering::Release);
                entry.store(Word { state: State::Active, epoch }.encode(), Ordering::Release);
                rounds.store(epoch, Relaxed);
                (0..epoch % 20).for_each(|_| core::hint::spin_loop());
                if done.load(Relaxed) {
                    break;
                }
            }
            entry.store(was.encode(), Ordering::Release);
        });
        while rounds.load(Relaxed) < 100_000 {
            assert!(!tx.is_consumed(1));
        }
    });
}

#[test]
fn what_a_claim_wrote_that_was_dropped_is_not_taken_for_records() {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut rx = site.attach("r");
    let joiner = site.attach("joiner");
    let ring = *joiner.core.reader.ring();
    let index = joiner.core.reader.entry();
    let (entry, cursor) = (ring.entry(index).unwrap(), ring.cursor(index).unwrap());
    let active = read(entry).unwrap();
    for number in 0..200 {
        tx.publish(&[]).unwrap();
        let published = tx.core.publisher.next();
        cursor.store(published, Ordering::Release);
        let mut claim = tx.claim(224).unwrap();
        claim.copy_from_slice(&images(14));
        drop(claim);
        entry.store(Word { state: State::Joining, ..active }.encode(), Ordering::Release);
        cursor.store(ring.oldest(published), Ordering::Release);
        assert!(!tx.is_consumed(number), "{number}");
        entry.store(active.encode(), Ordering::Release);
        cursor.store(published, Ordering::Release);
        drop(rx.recv().unwrap());
    }
}

/// What comes next for one who attaches now, told before anything else happens and after each further message.
fn held_up(tx_len: impl Fn(u64) -> usize, laps: u64) {
    let site = Site::new();
    let mut tx = site.create(1024);
    let mut number = 0;
    while tx.core.publisher.next() < laps * 64 {
        let late = site.consumer("late").start(Start::Latest).build().unwrap();
        let (ring, at) = (*late.core.reader.ring(), late.core.reader.next());
        let now = Standing { number, torso: None };
        assert_eq!((late.sequence(), standing_of_reader(&ring, at)), (number, Ok(now)));
        let mut further = number;
        while tx.try_publish(&payload(further, tx_len(further))).is_ok() {
            further += 1;
            assert_eq!(standing_of_reader(&ring, at), Ok(now), "after {} more", further - number);
            // As one walks who looked at the published cursor before all that: what it comes to does not count.
            let _ = standing(&ring, at, at);
        }
        assert!(further > number);
        drop(late);
        tx.publish(&payload(further, tx_len(further))).unwrap();
        number = further + 1;
    }
}

#[test]
fn who_is_held_up_while_the_producer_goes_round_finds_where_it_stands() {
    held_up(|_| 0, 20);
    held_up(|number| number as usize * 37 % 225, 60);
    held_up(|number| if number % 3 == 0 { 300 } else { 16 }, 60);
    held_up(|_| 224, 40);
}

/// Tells the publishing thread to stop, whatever happens.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

/// Attaches again and again while another thread publishes as fast as it can: what it sees first has the number and the
/// bytes that it was told.
#[test]
fn who_attaches_to_a_stream_in_full_flow_begins_at_a_message_and_knows_which() {
    let len = |number: u64| number.wrapping_mul(0x9e37_79b9) as usize % 700;
    for ring_bytes in [256, 1024, 4096] {
        let site = Site::new();
        let mut tx = site.create(ring_bytes);
        for number in 0..100 {
            tx.publish(&payload(number, len(number))).unwrap();
        }
        let done = &AtomicBool::new(false);
        std::thread::scope(|scope| {
            let _done = Done(done);
            scope.spawn(move || {
                let mut number = 100;
                while !done.load(Relaxed) {
                    tx.publish(&payload(number, len(number))).unwrap();
                    number += 1;
                }
                tx.into_shared().close();
            });
            for round in 0..300 {
                let start = match round % 3 {
                    0 => Start::Latest,
                    1 => Start::Oldest,
                    _ => Start::At(site.consumer("probe").build().unwrap().sequence()),
                };
                let Ok(mut rx) = site.consumer("late").start(start).build() else {
                    assert!(round % 3 == 2, "gone meanwhile");
                    continue;
                };
                let first = rx.sequence();
                for next in first..first + round % 5 {
                    let lease = rx.recv().unwrap().unwrap();
                    assert_eq!(lease.sequence(), next);
                    assert!(*lease == payload(next, len(next))[..], "message {next}");
                }
            }
        });
    }
}
