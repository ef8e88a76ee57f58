//! R7: what a lossy reader takes for an event is that event, however the producer laps it.

use core::mem::MaybeUninit;

use loom::thread;

use super::{Heap, Model, both, check, event, try_publish};
use crate::ring::Ring;
use crate::ring::lossy::{self, Copied};
use crate::sync::{Ordering, fence};

both! {
    capacity_2 => two;
    capacity_4 => four;
    batches_of_a_quantum => eight;
    #[should_panic(expected = "foreign")]
    without_a_second_look => one_look;
    #[should_panic(expected = "foreign")]
    without_its_fence => fenceless;
    #[should_panic(expected = "foreign")]
    without_the_quantum => quantumless;
    #[should_panic(expected = "foreign")]
    a_scan_without_its_fence => fenceless_scan;
}

fn lap<D: Model>(capacity: u64, rounds: u64, copy: fn(&Ring<u64, D>, u64) -> Copied<u64>) {
    let batch = (capacity / 4).max(1);
    check(3, move || {
        let heap = Heap::<D>::new(capacity as usize, 0);
        let mut publisher = heap.publisher();
        while publisher.next() < capacity {
            assert!(try_publish(&mut publisher, batch));
        }
        let reader = {
            let heap = heap.clone();
            thread::spawn(move || look(&heap.ring(), capacity, copy))
        };
        for _ in 0..rounds {
            assert!(try_publish(&mut publisher, batch), "nobody gates");
        }
        reader.join().unwrap();
    });
}

/// Looks at the oldest event that may still be there, and then where it is told to.
fn look<D: Model>(ring: &Ring<u64, D>, capacity: u64, copy: fn(&Ring<u64, D>, u64) -> Copied<u64>) {
    let mut at = ring.oldest(capacity);
    for _ in 0..2 {
        match copy(ring, at) {
            Copied::Event(found) => {
                assert_eq!(found, event(at), "a foreign event");
                at += 1;
            }
            Copied::Lapped { oldest } => {
                assert!(oldest > at);
                at = oldest;
            }
            Copied::NotYet => {}
            other => panic!("{other:?}"),
        }
    }
}

fn two<D: Model>() {
    lap::<D>(2, 3, lossy::copy);
}

fn four<D: Model>() {
    lap::<D>(4, 4, lossy::copy);
}

fn eight<D: Model>() {
    lap::<D>(8, 3, lossy::copy);
}

fn raw<D: Model>(ring: &Ring<u64, D>, at: u64) -> u64 {
    let mut copy = MaybeUninit::uninit();
    ring.cell(at).copy_racing(&mut copy);
    // SAFETY: written just now; every bit pattern is a `u64`.
    unsafe { copy.assume_init() }
}

/// Broken: asks before the copy only.
fn one_look<D: Model>() {
    lap::<D>(2, 3, |ring, at| {
        let oldest = ring.oldest(ring.published().load(Ordering::Acquire));
        if at < oldest { Copied::Lapped { oldest } } else { Copied::Event(raw(ring, at)) }
    });
}

/// Broken: the second look may be older than the copy.
fn fenceless<D: Model>() {
    lap::<D>(2, 3, |ring, at| {
        let copy = raw(ring, at);
        let oldest = ring.oldest(ring.published().load(Ordering::Relaxed));
        if at < oldest { Copied::Lapped { oldest } } else { Copied::Event(copy) }
    });
}

/// Broken: forgets that the producer may write a quantum beyond what it has published.
fn quantumless<D: Model>() {
    lap::<D>(2, 3, |ring, at| {
        let copy = raw(ring, at);
        fence(Ordering::Acquire);
        let oldest = ring.published().load(Ordering::Relaxed).saturating_sub(ring.capacity());
        if at < oldest { Copied::Lapped { oldest } } else { Copied::Event(copy) }
    });
}

/// Broken: the producer writes the next lap without a fence after it published the one before.
fn fenceless_scan<D: Model>() {
    check(3, || {
        let heap = Heap::<D>::new(2, 0);
        let mut publisher = heap.publisher();
        assert!(try_publish(&mut publisher, 1));
        assert!(try_publish(&mut publisher, 1));
        let reader = {
            let heap = heap.clone();
            thread::spawn(move || look(&heap.ring(), 2, lossy::copy))
        };
        let ring = heap.ring();
        for next in 2..4 {
            // SAFETY: nobody holds a reference into the ring.
            unsafe { ring.cell(next).write().put(event(next)) };
            ring.show(next, next + 1);
        }
        reader.join().unwrap();
    });
}
