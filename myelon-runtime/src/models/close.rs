//! L6: evidence first, then look again. A clean close is never taken for a death, nor is an event missed that
//! was published before the death.

use loom::thread;
use std::sync::Arc;

use super::{Heap, Model, PREEMPTIONS, both, check, try_publish, try_receive};
use crate::ring::reader::Reader;
use crate::sync::{AtomicBool, Ordering, fence};

both! {
    a_close_is_not_a_death => closes;
    a_death_comes_after_the_last_event => dies;
    #[should_panic(expected = "misreported")]
    evidence_without_a_second_look_misreports_a_close => hasty_close;
    #[should_panic(expected = "misreported")]
    evidence_without_a_second_look_misses_an_event => hasty_death;
    #[should_panic(expected = "misreported")]
    evidence_without_a_fence => fenceless;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Closed,
    Died,
}

type Receive<D> = fn(&mut Reader<u64, D>, &AtomicBool) -> Option<End>;

/// The producer publishes one event, closes or does not, and loses its lock last.
fn run<D: Model>(closes: bool, receive: Receive<D>) {
    check(PREEMPTIONS, move || {
        let heap = Heap::<D>::new(2, 1);
        heap.seat(0, 0);
        let held = Arc::new(AtomicBool::new(true));
        let consumer = {
            let (heap, held) = (heap.clone(), held.clone());
            thread::spawn(move || {
                let mut reader = heap.reader(0);
                for _ in 0..2 {
                    if let Some(end) = receive(&mut reader, &held) {
                        assert_eq!(reader.next(), 1, "misreported: the event came before the end");
                        let expected = if closes { End::Closed } else { End::Died };
                        assert_eq!(end, expected, "misreported");
                        return;
                    }
                }
            })
        };
        let mut publisher = heap.publisher();
        assert!(try_publish(&mut publisher, 1));
        if closes {
            publisher.close();
        }
        // The kernel gives the lock back when the process is gone: everything it stored is there.
        held.store(false, Ordering::Release);
        consumer.join().unwrap();
    });
}

fn look<D: Model>(reader: &mut Reader<u64, D>) -> Option<End> {
    while try_receive(reader) {}
    reader.end()?;
    // What was published before the end is seen by a look after it.
    while try_receive(reader) {}
    Some(End::Closed)
}

/// As the runtime does it: look, evidence, fence, look again, decide.
fn careful<D: Model>(reader: &mut Reader<u64, D>, held: &AtomicBool) -> Option<End> {
    if let Some(end) = look(reader) {
        return Some(end);
    }
    if held.load(Ordering::Relaxed) {
        return None;
    }
    fence(Ordering::Acquire);
    Some(look(reader).unwrap_or(End::Died))
}

fn closes<D: Model>() {
    run::<D>(true, careful);
}

fn dies<D: Model>() {
    run::<D>(false, careful);
}

fn hasty<D: Model>(reader: &mut Reader<u64, D>, held: &AtomicBool) -> Option<End> {
    look(reader).or_else(|| (!held.load(Ordering::Acquire)).then_some(End::Died))
}

/// Broken: decides by what it saw before the evidence.
fn hasty_close<D: Model>() {
    run::<D>(true, hasty);
}

/// Broken: the same, and an event is lost.
fn hasty_death<D: Model>() {
    run::<D>(false, hasty);
}

/// Broken: looks again, but the second look may be older than the evidence.
fn fenceless<D: Model>() {
    run::<D>(true, |reader, held| {
        look(reader).or_else(|| {
            if held.load(Ordering::Relaxed) {
                return None;
            }
            Some(look(reader).unwrap_or(End::Died))
        })
    });
}
