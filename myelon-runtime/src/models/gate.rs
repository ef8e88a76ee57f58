//! R2, R5: the producer never writes a slot that a consumer may still read, across wrap-arounds.

use loom::thread;

use super::{Heap, Model, PREEMPTIONS, both, check, consumer, drain, event, peek, try_publish};

use crate::sync::Ordering;

both! {
    capacity_1 => one;
    capacity_2 => two;
    capacity_4 => four;
    the_slowest_of_two_gates => slowest;
    leaving_opens_the_ring => leave;
    #[should_panic(expected = "Causality violation")]
    acknowledged_before_it_is_read => early_acknowledgement;
    #[should_panic(expected = "Causality violation")]
    a_relaxed_acknowledgement => relaxed_acknowledgement;
    #[should_panic(expected = "Causality violation")]
    a_producer_that_does_not_look => blind_producer;
}

/// One consumer that is a whole ring behind while the producer tries to go on.
fn wrap<D: Model>(capacity: u64) {
    check(PREEMPTIONS, move || {
        let heap = Heap::<D>::new(capacity as usize, 1);
        heap.seat(0, 0);
        let mut publisher = heap.publisher();
        for _ in 0..capacity {
            assert!(try_publish(&mut publisher, 1));
        }
        assert!(!try_publish(&mut publisher, 1), "the ring is full");
        let consumer = consumer(&heap, 0, 3);
        for _ in 0..3 {
            try_publish(&mut publisher, 1);
        }
        consumer.join().unwrap();
        let end = publisher.next();
        drain(&heap, 0, end);
    });
}

fn one<D: Model>() {
    wrap::<D>(1);
}

fn two<D: Model>() {
    wrap::<D>(2);
}

fn four<D: Model>() {
    wrap::<D>(4);
}

fn slowest<D: Model>() {
    check(2, || {
        let heap = Heap::<D>::new(2, 2);
        heap.seat(0, 0);
        heap.seat(1, 0);
        let mut publisher = heap.publisher();
        assert!(try_publish(&mut publisher, 1));
        assert!(try_publish(&mut publisher, 1));
        let consumers = [consumer(&heap, 0, 2), consumer(&heap, 1, 1)];
        for _ in 0..3 {
            try_publish(&mut publisher, 1);
        }
        assert!(publisher.next() <= 3, "the second consumer took one event only");
        let end = publisher.next();
        for (entry, consumer) in consumers.into_iter().enumerate() {
            consumer.join().unwrap();
            drain(&heap, entry as u32, end);
        }
    });
}

/// A consumer's last access comes before its entry stops gating.
fn leave<D: Model>() {
    use crate::ring::entry::{self, State};
    check(PREEMPTIONS, || {
        let heap = Heap::<D>::new(2, 1);
        heap.seat(0, 0);
        let mut publisher = heap.publisher();
        assert!(try_publish(&mut publisher, 1));
        assert!(try_publish(&mut publisher, 1));
        let consumer = {
            let heap = heap.clone();
            thread::spawn(move || {
                let mut reader = heap.reader(0);
                assert!(reader.look().unwrap());
                assert_eq!(peek(&reader, 0), event(0));
                entry::leave(&heap.entries[0], super::SEATED, State::Detached).unwrap();
            })
        };
        for _ in 0..2 {
            try_publish(&mut publisher, 1);
        }
        consumer.join().unwrap();
        assert!(try_publish(&mut publisher, 1), "nobody gates");
    });
}

/// A full ring of two, and a consumer that takes its first event by `take`.
fn full<D: Model>(take: fn(&Heap<D>)) {
    check(PREEMPTIONS, move || {
        let heap = Heap::<D>::new(2, 1);
        heap.seat(0, 0);
        let mut publisher = heap.publisher();
        assert!(try_publish(&mut publisher, 1));
        assert!(try_publish(&mut publisher, 1));
        let consumer = {
            let heap = heap.clone();
            thread::spawn(move || take(&heap))
        };
        try_publish(&mut publisher, 1);
        consumer.join().unwrap();
    });
}

/// Broken: gives the slot back and then reads it.
fn early_acknowledgement<D: Model>() {
    full::<D>(|heap| {
        let mut reader = heap.reader(0);
        assert!(reader.look().unwrap());
        reader.acknowledge(1);
        let ring = heap.ring();
        let slot = ring.cell(0).read();
        // SAFETY: none; loom reports it.
        unsafe { slot.as_ptr().read() };
    });
}

/// Broken: the cursor does not release the end of reading.
fn relaxed_acknowledgement<D: Model>() {
    full::<D>(|heap| {
        let mut reader = heap.reader(0);
        assert!(reader.look().unwrap());
        peek(&reader, 0);
        heap.cursors[0].store(1, Ordering::Relaxed);
    });
}

/// Broken: writes the next quantum without asking the consumer's cursor.
fn blind_producer<D: Model>() {
    check(PREEMPTIONS, || {
        let heap = Heap::<D>::new(2, 1);
        heap.seat(0, 0);
        let mut publisher = heap.publisher();
        assert!(try_publish(&mut publisher, 1));
        assert!(try_publish(&mut publisher, 1));
        let consumer = consumer(&heap, 0, 1);
        let ring = heap.ring();
        // SAFETY: none; loom reports it.
        unsafe { ring.cell(2).write().put(event(2)) };
        ring.show(2, 3);
        consumer.join().unwrap();
    });
}
