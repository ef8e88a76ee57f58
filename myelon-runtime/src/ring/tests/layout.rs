//! Small facts: entry words, strides, the quantum, refusals of a join.

use super::super::entry::{self, Moved, State, Word};
use super::super::gate::Gate;
use super::super::join::{self, Refused, Start};
use super::super::publisher::{Implausible, Publisher};
use super::super::{Dense, Discipline, MAX_SEQUENCE, Stamped, quantum};
use super::{Event, Heap, try_publish};
use crate::sync::{AtomicU64, Ordering};

const STATES: [State; 7] = [
    State::Free,
    State::Reserved,
    State::Claiming,
    State::Active,
    State::Evicted,
    State::Detached,
    State::Joining,
];

#[test]
fn entry_words_are_read_back() {
    for state in STATES {
        for epoch in [0, 1, u32::MAX] {
            let word = Word { state, epoch };
            assert_eq!(Word::decode(word.encode()), Some(word));
        }
    }
    assert_eq!(Word::decode(7), None);
    assert_eq!(Word::decode(1 << 40), None);
}

#[test]
fn who_comes_late_to_an_entry_is_told() {
    let word = AtomicU64::new(0);
    let free = entry::read(&word).unwrap();
    let claimed = entry::claim(&word, free).unwrap();
    assert_eq!(entry::claim(&word, free), Err(Moved));
    assert_eq!(entry::adopt(&word, claimed), Err(Moved), "not active");
    let joining = entry::open(&word, claimed).unwrap();
    assert_eq!(entry::adopt(&word, joining), Err(Moved), "not active");
    let active = entry::activate(&word, joining).unwrap();
    let adopted = entry::adopt(&word, active).unwrap();
    assert_eq!(entry::evict(&word, active), Err(Moved), "an owner ago");
    let evicted = entry::evict(&word, adopted).unwrap();
    assert_eq!(entry::leave(&word, adopted, State::Detached), Err(Moved));
    assert_eq!(entry::read(&word), Some(evicted));
    assert_eq!(Word { state: State::Active, epoch: u32::MAX }, {
        let word = AtomicU64::new(Word { state: State::Active, epoch: u32::MAX - 1 }.encode());
        entry::adopt(&word, entry::read(&word).unwrap()).unwrap()
    });
}

#[test]
fn slots_do_not_straddle_lines_that_they_fit_into() {
    assert_eq!(Stamped::stride::<u8>(), 16);
    assert_eq!(Stamped::stride::<[u64; 3]>(), 32);
    assert_eq!(Stamped::stride::<[u64; 7]>(), 64);
    assert_eq!(
        Stamped::stride::<[u64; 8]>(),
        72,
        "two lines either way, and a second one would be all but empty"
    );
    assert_eq!(Stamped::stride::<[u64; 16]>(), 192);
    assert_eq!(Stamped::stride::<[u64; 32]>(), 320);
    assert_eq!(Dense::stride::<[u8; 3]>(), 3);
    assert_eq!(Dense::stride::<[u64; 3]>(), 24);
}

#[test]
fn the_quantum_is_a_quarter_and_never_nothing() {
    assert_eq!([1, 2, 4, 8, 4096].map(quantum), [1, 1, 1, 2, 1024]);
}

#[test]
fn an_empty_ring_has_no_gate() {
    let heap = Heap::new::<Event, Dense>(8, 2);
    let mut publisher = Publisher::<Event, Dense>::take_over(heap.ring()).unwrap();
    assert_eq!(publisher.room(), 0, "the first publish scans");
    assert_eq!(publisher.scan(|_, _| panic!("nobody gates")), Gate::NOBODY);
    assert_eq!(publisher.room(), 2);
}

#[test]
fn an_implausible_cursor_is_not_taken_over() {
    let heap = Heap::new::<Event, Dense>(8, 1);
    heap.published.store(MAX_SEQUENCE + 1, Ordering::Relaxed);
    let refused = Publisher::<Event, Dense>::take_over(heap.ring()).unwrap_err();
    assert_eq!(refused, Implausible { published: MAX_SEQUENCE + 1 });
}

/// A ring of 8 with 20 events published, so that the oldest to be had is 14, and one claimed entry.
fn twenty<D: Discipline>() -> (Heap, Word) {
    let heap = Heap::new::<Event, D>(8, 1);
    let mut publisher = Publisher::<Event, D>::take_over(heap.ring()).unwrap();
    for _ in 0..10 {
        assert!(try_publish(&mut publisher, 2));
    }
    let claimed = entry::claim(&heap.entries[0], Word { state: State::Free, epoch: 0 }).unwrap();
    (heap, claimed)
}

fn start<D: Discipline>(cursor: u64, start: Start) -> Result<u64, Refused> {
    let (heap, claimed) = twenty::<D>();
    heap.cursor(0).store(cursor, Ordering::Relaxed);
    let ring = heap.ring::<Event, D>();
    join::provisional(&ring, heap.cursor(0), start)?;
    let provisional = heap.cursor(0).load(Ordering::Relaxed);
    let (word, at) = join::finish(&ring, &heap.entries[0], claimed, heap.cursor(0), start, |_| ());
    let state = word.unwrap().state;
    match at {
        Ok(at) => {
            assert_eq!(state, State::Active);
            assert!(provisional <= at);
            assert_eq!(heap.cursor(0).load(Ordering::Relaxed), at);
        }
        Err(_) => assert_eq!(state, State::Joining, "gates until the caller leaves it"),
    }
    at
}

#[test]
fn every_start_begins_where_it_says() {
    assert_eq!(start::<Dense>(0, Start::Latest), Ok(20));
    assert_eq!(start::<Dense>(0, Start::Oldest), Ok(14));
    assert_eq!(start::<Dense>(0, Start::At(14)), Ok(14));
    assert_eq!(start::<Dense>(0, Start::At(13)), Err(Refused::Gone { oldest: 14 }));
    assert_eq!(start::<Dense>(0, Start::At(21)), Err(Refused::Ahead { published: 20 }));
    assert_eq!(start::<Dense>(0, Start::At(u64::MAX)), Err(Refused::Ahead { published: 20 }));
    assert_eq!(start::<Dense>(15, Start::Resume), Ok(15));
    assert_eq!(start::<Dense>(3, Start::Resume), Err(Refused::Gone { oldest: 14 }));
    assert_eq!(start::<Stamped>(21, Start::Resume), Err(Refused::Ahead { published: 20 }));
}

#[test]
fn who_read_ahead_of_a_stale_published_cursor_resumes_there() {
    let (heap, claimed) = twenty::<Stamped>();
    // The producer died after the stamps of 18 and 19, before it stored the cursor.
    heap.published.store(18, Ordering::Relaxed);
    heap.cursor(0).store(20, Ordering::Relaxed);
    let ring = heap.ring::<Event, Stamped>();
    join::provisional(&ring, heap.cursor(0), Start::Resume).unwrap();
    let (word, at) = join::finish(&ring, &heap.entries[0], claimed, heap.cursor(0), Start::Resume, |_| ());
    assert_eq!(at, Ok(20));
    assert_eq!(entry::adopt(&heap.entries[0], word.unwrap()).map(|word| word.state), Ok(State::Active));
    assert_eq!(join::kept(&ring, heap.cursor(0)), Ok(20));
    assert_eq!(Publisher::take_over(ring).unwrap().next(), 20);
    assert_eq!(heap.published.load(Ordering::Relaxed), 20);
}

#[test]
fn an_adopted_cursor_lies_in_the_ring() {
    let (heap, _claimed) = twenty::<Dense>();
    let ring = heap.ring::<Event, Dense>();
    let kept = |cursor| {
        heap.cursor(0).store(cursor, Ordering::Relaxed);
        join::kept(&ring, heap.cursor(0))
    };
    assert_eq!(kept(12), Ok(12), "a whole ring behind");
    assert_eq!(kept(20), Ok(20));
    assert_eq!(kept(11), Err(Refused::Gone { oldest: 14 }));
    assert_eq!(kept(21), Err(Refused::Ahead { published: 20 }));
    assert_eq!(kept(u64::MAX), Err(Refused::Ahead { published: 20 }));
}

#[test]
fn a_consumer_that_is_moved_starts_there_or_stays_where_it_was() {
    let (heap, claimed) = twenty::<Dense>();
    let ring = heap.ring::<Event, Dense>();
    let (active, _) = join::finish(&ring, &heap.entries[0], claimed, heap.cursor(0), Start::Latest, |_| ());
    let mut active = active.unwrap();
    let cursor = heap.cursor(0);
    for (start, expected) in [
        (Start::Oldest, Ok(14)),
        (Start::Latest, Ok(20)),
        (Start::At(15), Ok(15)),
        (Start::At(13), Err(Refused::Gone { oldest: 14 })),
        (Start::At(21), Err(Refused::Ahead { published: 20 })),
        (Start::Resume, Ok(15)),
    ] {
        let before = cursor.load(Ordering::Relaxed);
        active = entry::adopt(&heap.entries[0], active).unwrap();
        let (word, at) = join::relocate(&ring, &heap.entries[0], active, cursor, start, |_| ());
        active = word.unwrap();
        assert_eq!(at, expected);
        assert_eq!(active.state, State::Active);
        assert_eq!(cursor.load(Ordering::Relaxed), at.unwrap_or(before));
    }
}

#[test]
fn a_consumer_that_is_moved_may_begin_at_all_that_it_kept() {
    let (heap, _) = twenty::<Dense>();
    let ring = heap.ring::<Event, Dense>();
    let cursor = heap.cursor(0);
    let moved = |kept, start| {
        let word = Word { state: State::Reserved, epoch: 0 };
        heap.entries[0].store(word.encode(), Ordering::Relaxed);
        cursor.store(kept, Ordering::Relaxed);
        let adopted = entry::adopt(&heap.entries[0], word).unwrap();
        let (word, at) = join::relocate(&ring, &heap.entries[0], adopted, cursor, start, |at| {
            assert_eq!(cursor.load(Ordering::Relaxed), kept, "what is noted of {at} stands there first");
        });
        assert_eq!(word.unwrap().state, State::Active);
        assert_eq!(cursor.load(Ordering::Relaxed), at.unwrap_or(kept));
        at
    };
    // Full: what a newcomer can not have, because it may be overwritten, is there for this one.
    assert_eq!(moved(12, Start::Oldest), Ok(12));
    assert_eq!(moved(12, Start::At(12)), Ok(12));
    assert_eq!(moved(12, Start::At(13)), Ok(13));
    assert_eq!(moved(12, Start::At(11)), Err(Refused::Gone { oldest: 12 }));
    assert_eq!(moved(12, Start::At(21)), Err(Refused::Ahead { published: 20 }));
    assert_eq!(moved(12, Start::Latest), Ok(20));
    // A cursor that no reader of ours left there is none to rely on.
    for odd in [11, 3] {
        assert_eq!(moved(odd, Start::Oldest), Ok(14));
        assert_eq!(moved(odd, Start::At(13)), Err(Refused::Gone { oldest: 14 }));
    }
}
