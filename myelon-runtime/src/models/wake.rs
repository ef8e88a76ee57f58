//! W1 to W4: no wake-up is lost, whoever parks. A lost one leaves its sleeper asleep, and loom reports a deadlock.

use core::time::Duration;
use std::sync::Arc;

use loom::thread::{self, JoinHandle};

use super::{Heap, Model, PREEMPTIONS, both, check, try_publish, try_receive};
use crate::ring::publisher::Publisher;
use crate::ring::reader::Reader;
use crate::sync::model::without_membarrier;
use crate::wait::word::{self, WaitWord, waiter_bit};

/// Sleeps never time out in a model.
const BOUND: Duration = Duration::from_secs(1);

both! {
    a_consumer_parks => consumer_parks;
    two_consumers_park => two_consumers_park;
    a_producer_parks_for_room => producer_parks;
    a_producer_parks_for_more_room_than_it_needs => producer_wants_more;
    both_park => both_park;
    without_membarrier_wakers_run_a_fence => fenced;
    #[should_panic(expected = "deadlock")]
    without_membarrier_and_without_the_fence => unfenced;
    #[should_panic(expected = "deadlock")]
    announced_before_the_word_is_read => swapped;
    #[should_panic(expected = "deadlock")]
    no_look_after_the_announcement => blind;
    #[should_panic(expected = "deadlock")]
    no_fence_before_the_last_look => fenceless_sleeper;
    #[should_panic(expected = "deadlock")]
    woken_before_the_news => early_waker;
    #[should_panic(expected = "deadlock")]
    a_producer_wants_what_nobody_can_give => wants_too_much;
}

/// How a sleeper sleeps once: the word, its bit, the last look.
type Sleep = fn(&WaitWord, u64, &mut dyn FnMut() -> bool);

fn sleep(word: &WaitWord, bit: u64, ready: &mut dyn FnMut() -> bool) {
    word.sleep(bit, 0, BOUND, ready);
}

struct Park<D: Model> {
    heap: Arc<Heap<D>>,
    data: Arc<WaitWord>,
    room: Arc<WaitWord>,
}

impl<D: Model> Park<D> {
    fn new(capacity: usize, consumers: usize) -> Self {
        let heap = Heap::new(capacity, consumers);
        for entry in 0..consumers {
            heap.seat(entry as u32, 0);
        }
        Self { heap, data: Arc::new(WaitWord::new()), room: Arc::new(WaitWord::new()) }
    }

    /// A consumer that takes `count` events and parks whenever none is there.
    fn consumer(&self, entry: u32, count: u64, sleep: Sleep) -> JoinHandle<()> {
        let Self { heap, data, room } = self;
        let (heap, data, room) = (heap.clone(), data.clone(), room.clone());
        thread::spawn(move || {
            let mut reader = Reader::new(heap.ring(), entry, 0);
            while reader.next() < count {
                if try_receive(&mut reader) {
                    room.notify_reached(reader.next());
                } else {
                    sleep(&data, waiter_bit(entry), &mut || reader.look().unwrap());
                }
            }
        })
    }

    /// Publishes one event, and parks while there is no room; wants to be woken at `wanted`.
    fn publish(&self, publisher: &mut Publisher<u64, D>, wanted: u64) {
        while !try_publish(publisher, 1) {
            self.room.sleep(waiter_bit(0), wanted, BOUND, || {
                publisher.scan(|_, _| ());
                publisher.room() > 0
            });
        }
        self.data.notify();
    }
}

/// `consumers` consumers that sleep by `sleep` take what the producer publishes.
fn park<D: Model>(preemptions: usize, consumers: u32, events: u64, fence: bool, sleep: Sleep) {
    check(preemptions, move || {
        let park = Park::<D>::new(4, consumers as usize);
        if fence {
            park.data.require_fence();
            park.room.require_fence();
        }
        let threads: Vec<_> = (0..consumers).map(|entry| park.consumer(entry, events, sleep)).collect();
        let mut publisher = park.heap.publisher();
        for _ in 0..events {
            park.publish(&mut publisher, 0);
        }
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

fn consumer_parks<D: Model>() {
    park::<D>(PREEMPTIONS, 1, 2, false, sleep);
}

fn two_consumers_park<D: Model>() {
    park::<D>(2, 2, 1, false, sleep);
}

fn fenced<D: Model>() {
    without_membarrier(|| park::<D>(PREEMPTIONS, 1, 2, true, sleep));
}

/// Broken: the waker's look at the bits may come before its news, and nobody told it to run a fence.
fn unfenced<D: Model>() {
    without_membarrier(|| park::<D>(PREEMPTIONS, 1, 2, false, sleep));
}

/// Broken: W1. A waker that was slow with its last news takes the announcement and moves the word before it is
/// read, and the next news finds nobody to wake.
fn swapped<D: Model>() {
    park::<D>(PREEMPTIONS, 1, 2, false, |word, bit, ready| {
        word.announce(bit, 0);
        let seen = word.read();
        word::heavy_fence();
        if !ready() {
            word.block(seen, BOUND);
        }
    });
}

/// Broken: W2. The news came between the look before and the announcement.
fn blind<D: Model>() {
    park::<D>(PREEMPTIONS, 1, 1, false, |word, bit, _| {
        let seen = word.read();
        word.announce(bit, 0);
        word::heavy_fence();
        word.block(seen, BOUND);
    });
}

/// Broken: W2. The last look may be older than the announcement.
fn fenceless_sleeper<D: Model>() {
    park::<D>(PREEMPTIONS, 1, 1, false, |word, bit, ready| {
        let seen = word.read();
        word.announce(bit, 0);
        if !ready() {
            word.block(seen, BOUND);
        }
    });
}

/// Broken: wakes, and then publishes.
fn early_waker<D: Model>() {
    check(PREEMPTIONS, || {
        let park = Park::<D>::new(4, 1);
        let consumer = park.consumer(0, 1, sleep);
        let mut publisher = park.heap.publisher();
        park.data.notify();
        assert!(try_publish(&mut publisher, 1));
        consumer.join().unwrap();
    });
}

/// A consumer that has `count` events to take and never waits.
fn give_back<D: Model>(park: &Park<D>, count: u64) -> JoinHandle<()> {
    let (heap, room) = (park.heap.clone(), park.room.clone());
    thread::spawn(move || {
        let mut reader = Reader::new(heap.ring(), 0, 0);
        for _ in 0..count {
            assert!(try_receive(&mut reader));
            room.notify_reached(reader.next());
        }
    })
}

fn for_room<D: Model>(wanted: u64, more: u64) {
    check(PREEMPTIONS, move || {
        let park = Park::<D>::new(2, 1);
        let mut publisher = park.heap.publisher();
        park.publish(&mut publisher, 0);
        park.publish(&mut publisher, 0);
        let consumer = give_back(&park, 2);
        for _ in 0..more {
            park.publish(&mut publisher, wanted);
        }
        consumer.join().unwrap();
    });
}

fn producer_parks<D: Model>() {
    for_room::<D>(0, 2);
}

/// Needs the first slot, wants to be woken when both are free.
fn producer_wants_more<D: Model>() {
    for_room::<D>(2, 1);
}

/// Broken: wants a cursor beyond what it has published.
fn wants_too_much<D: Model>() {
    for_room::<D>(3, 1);
}

fn both_park<D: Model>() {
    check(2, || {
        let park = Park::<D>::new(1, 1);
        let mut publisher = park.heap.publisher();
        let consumer = park.consumer(0, 2, sleep);
        park.publish(&mut publisher, 0);
        park.publish(&mut publisher, 1);
        consumer.join().unwrap();
    });
}
