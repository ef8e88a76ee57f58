//! R3, R4: an event is seen only when it is completely written, one by one and in batches, in order.

use super::{Heap, Model, PREEMPTIONS, both, check, consumer, drain, event, peek, try_publish, write};
use crate::ring::{Dense, Stamped};
use crate::sync::Ordering;
use loom::thread;

both! {
    one_by_one => singles;
    in_batches => batches;
    #[should_panic(expected = "Causality violation")]
    visible_before_it_is_written => shown_first;
    #[should_panic(expected = "Causality violation")]
    read_without_a_look => blind;
}

fn singles<D: Model>() {
    check(2, || {
        let heap = Heap::<D>::new(4, 2);
        heap.seat(0, 0);
        heap.seat(1, 0);
        let consumers = [0, 1].map(|entry| consumer(&heap, entry, 2));
        let mut publisher = heap.publisher();
        assert!(try_publish(&mut publisher, 1));
        assert!(try_publish(&mut publisher, 1));
        for (entry, consumer) in consumers.into_iter().enumerate() {
            consumer.join().unwrap();
            drain(&heap, entry as u32, 2);
        }
    });
}

fn batches<D: Model>() {
    check(PREEMPTIONS, || {
        let heap = Heap::<D>::new(8, 1);
        heap.seat(0, 0);
        let consumer = {
            let heap = heap.clone();
            thread::spawn(move || {
                let mut reader = heap.reader(0);
                for _ in 0..2 {
                    if !reader.look().unwrap() {
                        continue;
                    }
                    let there = reader.look_ahead(8);
                    assert!(there <= 4 - reader.next());
                    for ahead in 0..there {
                        assert_eq!(peek(&reader, ahead), event(reader.next() + ahead));
                    }
                    reader.acknowledge(there);
                }
            })
        };
        let mut publisher = heap.publisher();
        assert!(try_publish(&mut publisher, 2));
        assert!(try_publish(&mut publisher, 2));
        consumer.join().unwrap();
        drain(&heap, 0, 4);
    });
}

/// Broken: shows the slot and writes it afterwards.
fn shown_first<D: Model>() {
    check(PREEMPTIONS, || {
        let heap = Heap::<D>::new(4, 1);
        heap.seat(0, 0);
        let consumer = consumer(&heap, 0, 1);
        let mut publisher = heap.publisher();
        publisher.scan(|_, _| ());
        heap.ring().show(0, 1);
        write(&publisher, 1);
        consumer.join().unwrap();
    });
}

/// Broken: reads the slot of the next event without having seen it.
fn blind<D: Model>() {
    check(PREEMPTIONS, || {
        let heap = Heap::<D>::new(4, 1);
        heap.seat(0, 0);
        let consumer = {
            let heap = heap.clone();
            thread::spawn(move || {
                let ring = heap.ring();
                let slot = ring.cell(0).read();
                // SAFETY: none; loom reports it.
                unsafe { slot.as_ptr().read() }
            })
        };
        assert!(try_publish(&mut heap.publisher(), 1));
        consumer.join().unwrap();
    });
}

/// Broken: the stamp releases nothing.
#[test]
#[should_panic(expected = "Causality violation")]
fn a_relaxed_stamp() {
    check(PREEMPTIONS, || {
        let heap = Heap::<Stamped>::new(4, 1);
        heap.seat(0, 0);
        let consumer = consumer(&heap, 0, 1);
        let mut publisher = heap.publisher();
        publisher.scan(|_, _| ());
        write(&publisher, 1);
        heap.stamp(0).store(1, Ordering::Relaxed);
        consumer.join().unwrap();
    });
}

/// Broken: the published cursor releases nothing.
#[test]
#[should_panic(expected = "Causality violation")]
fn a_relaxed_published_cursor() {
    check(PREEMPTIONS, || {
        let heap = Heap::<Dense>::new(4, 1);
        heap.seat(0, 0);
        let consumer = consumer(&heap, 0, 1);
        let mut publisher = heap.publisher();
        publisher.scan(|_, _| ());
        write(&publisher, 1);
        heap.published.store(1, Ordering::Relaxed);
        consumer.join().unwrap();
    });
}
