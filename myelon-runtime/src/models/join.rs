//! R6: a consumer that joins is not overrun, wherever it starts; L4: nor is one that takes the place of another
//! which died while it joined.

use loom::thread;

use super::{FREE, Heap, Model, PREEMPTIONS, SEATED, both, check, drain, event, try_publish, try_receive};
use crate::ring::entry::{self, State, Word};
use crate::ring::gate;
use crate::ring::join::{self, Refused, Start};
use crate::ring::reader::Reader;
use crate::sync::{Ordering, fence};

both! {
    latest => latest;
    oldest => oldest;
    resume => resume;
    at => at;
    latest_in_a_ring_of_two => small_latest;
    oldest_in_a_ring_of_two => small_oldest;
    latest_in_a_ring_of_one => tiny_latest;
    batches_of_a_quantum => batches;
    again_after_a_death_while_joining => again;
    moved_to_the_oldest => relocated;
    moved_to_the_latest => relocated_forward;
    moved_to_the_oldest_of_what_it_kept => relocated_full;
    moved_inside_of_what_it_kept => relocated_inside;
    // Overrun so far that it finds a later event.
    #[should_panic(expected = "the stream is whole")]
    without_its_fence => fenceless_joiner;
    #[should_panic(expected = "Causality violation")]
    published_is_read_before_the_entry_opens => early_look;
    #[should_panic(expected = "Causality violation")]
    a_scan_without_its_fence => fenceless_scan;
    #[should_panic(expected = "Causality violation")]
    a_scan_without_a_quantum => greedy_scan;
    #[should_panic(expected = "Causality violation")]
    the_provisional_cursor_is_read_from => adopted;
    #[should_panic(expected = "the stream is whole")]
    a_cursor_that_sank_in_an_active_entry_is_read_from => sunk;
}

/// A producer that has published `before` events publishes `rounds` batches more, if it may, while a consumer
/// joins and reads.
#[derive(Clone, Copy)]
struct Race {
    capacity: usize,
    before: u64,
    rounds: u64,
    batch: u64,
    preemptions: usize,
}

const FOUR: Race = Race { capacity: 4, before: 4, rounds: 3, batch: 1, preemptions: 2 };
const TWO: Race = Race { capacity: 2, before: 2, rounds: 3, batch: 1, preemptions: PREEMPTIONS };

impl Race {
    fn run<D: Model>(self, word: Word, cursor: u64, joiner: fn(&Heap<D>)) {
        check(self.preemptions, move || {
            let heap = Heap::<D>::new(self.capacity, 1);
            heap.cursors[0].store(cursor, Ordering::Relaxed);
            heap.entries[0].store(word.encode(), Ordering::Relaxed);
            let mut publisher = heap.publisher();
            for _ in 0..self.before / self.batch {
                assert!(try_publish(&mut publisher, self.batch));
            }
            let thread = {
                let heap = heap.clone();
                thread::spawn(move || joiner(&heap))
            };
            for _ in 0..self.rounds {
                try_publish(&mut publisher, self.batch);
            }
            thread.join().unwrap();
            if entry::read(&heap.entries[0]).is_some_and(|word| word.state == State::Active) {
                drain(&heap, 0, publisher.next());
            }
        });
    }
}

/// Joins, and reads at most two events.
fn join<D: Model>(heap: &Heap<D>, from: Word, start: Start) -> Result<u64, Refused> {
    let ring = heap.ring();
    let claimed = entry::claim(&heap.entries[0], from).unwrap();
    join::provisional(&ring, &heap.cursors[0], start).unwrap();
    let (word, at) = join::finish(&ring, &heap.entries[0], claimed, &heap.cursors[0], start, |_| ());
    let word = word.unwrap();
    assert_eq!(word.state, if at.is_ok() { State::Active } else { State::Joining });
    if let Ok(at) = at {
        read(heap, at);
    }
    at
}

fn read<D: Model>(heap: &Heap<D>, at: u64) {
    let mut reader = Reader::new(heap.ring(), 0, at);
    for _ in 0..2 {
        try_receive(&mut reader);
    }
}

fn latest<D: Model>() {
    FOUR.run::<D>(FREE, 0, |heap| assert!(join(heap, FREE, Start::Latest).unwrap() >= 4));
}

fn oldest<D: Model>() {
    FOUR.run::<D>(FREE, 0, |heap| assert!(join(heap, FREE, Start::Oldest).unwrap() >= 1));
}

fn at<D: Model>() {
    FOUR.run::<D>(FREE, 0, |heap| match join(heap, FREE, Start::At(2)) {
        Ok(at) => assert_eq!(at, 2),
        Err(refused) => assert!(matches!(refused, Refused::Gone { oldest } if oldest > 2)),
    });
}

fn resume<D: Model>() {
    const LEFT: Word = Word { state: State::Detached, epoch: 1 };
    FOUR.run::<D>(LEFT, 2, |heap| match join(heap, LEFT, Start::Resume) {
        Ok(at) => assert_eq!(at, 2),
        Err(refused) => assert!(matches!(refused, Refused::Gone { oldest } if oldest > 2)),
    });
}

fn small_latest<D: Model>() {
    TWO.run::<D>(FREE, 0, |heap| assert!(join(heap, FREE, Start::Latest).unwrap() >= 2));
}

fn small_oldest<D: Model>() {
    TWO.run::<D>(FREE, 0, |heap| assert!(join(heap, FREE, Start::Oldest).unwrap() >= 1));
}

fn tiny_latest<D: Model>() {
    Race { capacity: 1, before: 1, rounds: 2, batch: 1, preemptions: PREEMPTIONS }.run::<D>(
        FREE,
        0,
        |heap| assert!(join(heap, FREE, Start::Latest).unwrap() >= 1),
    );
}

fn batches<D: Model>() {
    Race { capacity: 8, before: 8, rounds: 3, batch: 2, preemptions: 2 }
        .run::<D>(FREE, 0, |heap| assert!(join(heap, FREE, Start::Oldest).unwrap() >= 2));
}

/// The first owner dies as soon as its entry is open; the next one with its id finds the entry joining, claims
/// it and starts from the cursor it finds.
fn again<D: Model>() {
    TWO.run::<D>(FREE, 0, |heap| {
        let dead = die_joining(heap);
        entry::adopt(&heap.entries[0], dead).expect_err("only an active entry is adopted");
        if let Err(refused) = join(heap, dead, Start::Resume) {
            assert!(matches!(refused, Refused::Gone { .. }));
        }
    });
}

fn die_joining<D: Model>(heap: &Heap<D>) -> Word {
    let ring = heap.ring();
    let claimed = entry::claim(&heap.entries[0], FREE).unwrap();
    join::provisional(&ring, &heap.cursors[0], Start::Oldest).unwrap();
    entry::open(&heap.entries[0], claimed).unwrap()
}

/// Broken: adopts what a dead joiner left, and reads from its provisional cursor.
fn adopted<D: Model>() {
    TWO.run::<D>(FREE, 0, |heap| {
        let joining = die_joining(heap);
        let active = entry::activate(&heap.entries[0], joining).unwrap();
        entry::adopt(&heap.entries[0], active).unwrap();
        if let Ok(at) = join::kept(&heap.ring(), &heap.cursors[0]) {
            read(heap, at);
        }
    });
}

/// The ring is full; the next one with the dead consumer's id starts elsewhere than where that stopped.
fn relocate<D: Model>(heap: &Heap<D>, start: Start) -> u64 {
    let adopted = entry::adopt(&heap.entries[0], SEATED).unwrap();
    let (word, at) = join::relocate(&heap.ring(), &heap.entries[0], adopted, &heap.cursors[0], start, |_| ());
    assert_eq!(word.unwrap().state, State::Active);
    let at = at.unwrap();
    read(heap, at);
    at
}

fn relocated<D: Model>() {
    FOUR.run::<D>(SEATED, 4, |heap| assert!(relocate(heap, Start::Oldest) >= 1));
}

fn relocated_forward<D: Model>() {
    FOUR.run::<D>(SEATED, 3, |heap| assert!(relocate(heap, Start::Latest) >= 4));
}

/// A newcomer could not begin as early: as far as it can tell, the producer writes there.
fn relocated_full<D: Model>() {
    FOUR.run::<D>(SEATED, 0, |heap| assert_eq!(relocate(heap, Start::Oldest), 0));
}

fn relocated_inside<D: Model>() {
    Race { capacity: 8, before: 8, rounds: 3, batch: 2, preemptions: 2 }
        .run::<D>(SEATED, 0, |heap| assert_eq!(relocate(heap, Start::At(1)), 1));
}

/// Broken: the cursor sinks while the entry is active, and the one that moved it dies.
fn sunk<D: Model>() {
    FOUR.run::<D>(SEATED, 4, |heap| {
        let adopted = entry::adopt(&heap.entries[0], SEATED).unwrap();
        join::provisional(&heap.ring(), &heap.cursors[0], Start::Oldest).unwrap();
        entry::adopt(&heap.entries[0], adopted).unwrap();
        if let Ok(at) = join::kept(&heap.ring(), &heap.cursors[0]) {
            read(heap, at);
        }
    });
}

/// Broken: `published` is loaded without a fence after the entry was opened.
fn fenceless_joiner<D: Model>() {
    TWO.run::<D>(FREE, 0, |heap| {
        let claimed = entry::claim(&heap.entries[0], FREE).unwrap();
        join::provisional(&heap.ring(), &heap.cursors[0], Start::Latest).unwrap();
        let joining = entry::open(&heap.entries[0], claimed).unwrap();
        let p = heap.published.load(Ordering::Acquire);
        heap.cursors[0].store(p, Ordering::Release);
        entry::activate(&heap.entries[0], joining).unwrap();
        read(heap, p);
    });
}

/// Broken: starts at the published cursor that was read for the provisional one.
fn early_look<D: Model>() {
    TWO.run::<D>(FREE, 0, |heap| {
        let claimed = entry::claim(&heap.entries[0], FREE).unwrap();
        let p0 = heap.published.load(Ordering::Acquire);
        heap.cursors[0].store(p0, Ordering::Relaxed);
        let joining = entry::open(&heap.entries[0], claimed).unwrap();
        fence(Ordering::SeqCst);
        entry::activate(&heap.entries[0], joining).unwrap();
        read(heap, p0);
    });
}

/// A joiner that does all right, against a producer that publishes singly by `limit` of its own.
fn against<D: Model>(start: Start, limit: fn(&Heap<D>, u64) -> u64) {
    check(PREEMPTIONS, move || {
        let heap = Heap::<D>::new(2, 1);
        let mut publisher = heap.publisher();
        assert!(try_publish(&mut publisher, 1));
        assert!(try_publish(&mut publisher, 1));
        let thread = {
            let heap = heap.clone();
            thread::spawn(move || join(&heap, FREE, start).unwrap())
        };
        let ring = heap.ring();
        let mut next = 2;
        for _ in 0..3 {
            let limit = limit(&heap, next);
            while next < limit.min(6) {
                // SAFETY: none; loom reports it.
                unsafe { ring.cell(next).write().put(event(next)) };
                ring.show(next, next + 1);
                next += 1;
            }
        }
        thread.join().unwrap();
    });
}

/// Broken: the scan's loads are not ordered after the store of the published cursor.
fn fenceless_scan<D: Model>() {
    against::<D>(Start::Latest, |heap, next| {
        let gate = gate::scan(&heap.ring(), next, |_, _| ());
        (gate.cursor + 2).min(next + 1)
    });
}

/// Broken: a scan that sees nobody opens the whole ring, far beyond the published cursor.
fn greedy_scan<D: Model>() {
    against::<D>(Start::Oldest, |heap, next| {
        fence(Ordering::SeqCst);
        gate::scan(&heap.ring(), next, |_, _| ()).cursor.min(next) + 2
    });
}
