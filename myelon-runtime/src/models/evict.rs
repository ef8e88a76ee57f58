//! R8, L3: a producer evicts a dead consumer while the next one with its id comes back. Each acts under the lock
//! of the entry only; a live consumer is never overrun, and what comes back reads what it missed or learns that
//! it is gone.

use loom::sync::Mutex;
use loom::thread;
use std::sync::Arc;

use super::{Heap, Model, PREEMPTIONS, SEATED, both, check, drain, try_publish, try_receive};
use crate::ring::entry::{self, State};
use crate::ring::join::{self, Refused, Start};
use crate::ring::publisher::Publisher;
use crate::ring::reader::Reader;
use crate::sync::Ordering;

both! {
    against_resume => against_resume;
    against_leaving => against_leaving;
    #[should_panic(expected = "Causality violation")]
    on_suspicion => suspicion;
    #[should_panic(expected = "Causality violation")]
    against_a_resume_that_only_stores => careless_resume;
}

/// The kernel's lock of the entry. It goes when its holder dies.
type Lock = Arc<Mutex<()>>;

/// A full ring of two, and entry 0 of a consumer that stopped at 0.
fn race<D: Model>(evict: fn(&Heap<D>, &Lock, &mut Publisher<u64, D>), other: fn(&Heap<D>, &Lock)) {
    check(PREEMPTIONS, move || {
        let heap = Heap::<D>::new(2, 1);
        heap.seat(0, 0);
        let lock: Lock = Arc::new(Mutex::new(()));
        let mut publisher = heap.publisher();
        assert!(try_publish(&mut publisher, 1));
        assert!(try_publish(&mut publisher, 1));
        let thread = {
            let (heap, lock) = (heap.clone(), lock.clone());
            thread::spawn(move || other(&heap, &lock))
        };
        for _ in 0..2 {
            if !try_publish(&mut publisher, 1) {
                evict(&heap, &lock, &mut publisher);
            }
        }
        thread.join().unwrap();
        if entry::read(&heap.entries[0]).unwrap().state == State::Active {
            drain(&heap, 0, publisher.next());
        }
    });
}

/// The producer finds who gates, gets its lock (so it is dead), looks again, lets it go.
fn evict<D: Model>(heap: &Heap<D>, lock: &Lock, publisher: &mut Publisher<u64, D>) {
    let gate = publisher.scan(|_, _| ());
    let Some(entry) = gate.entry else { return };
    let Ok(_evidence) = lock.try_lock() else { return };
    let word = entry::read(&heap.entries[entry as usize]).unwrap();
    let moved = heap.cursors[entry as usize].load(Ordering::Acquire) != gate.cursor;
    if moved || !word.gates() {
        return;
    }
    entry::evict(&heap.entries[entry as usize], word).unwrap();
}

/// The next consumer with the same id: adopts the entry if it is still active, resumes if it was evicted.
fn resume<D: Model>(heap: &Heap<D>, lock: &Lock) {
    let Ok(_alive) = lock.try_lock() else { return };
    let ring = heap.ring();
    let word = entry::read(&heap.entries[0]).unwrap();
    let at = match word.state {
        State::Active => {
            entry::adopt(&heap.entries[0], word).unwrap();
            join::kept(&ring, &heap.cursors[0])
        }
        State::Evicted => {
            let claimed = entry::claim(&heap.entries[0], word).unwrap();
            join::provisional(&ring, &heap.cursors[0], Start::Resume).unwrap();
            let (word, at) =
                join::finish(&ring, &heap.entries[0], claimed, &heap.cursors[0], Start::Resume, |_| ());
            if at.is_err() {
                entry::leave(&heap.entries[0], word.unwrap(), State::Free).unwrap();
            }
            at
        }
        other => panic!("{other:?}"),
    };
    match at {
        Ok(at) => {
            assert_eq!(at, 0);
            let mut reader = Reader::new(ring, 0, at);
            for _ in 0..2 {
                try_receive(&mut reader);
            }
        }
        Err(refused) => assert!(matches!(refused, Refused::Gone { .. })),
    }
}

fn against_resume<D: Model>() {
    race::<D>(evict, resume);
}

/// A live consumer reads and leaves for good; its entry is never taken for a dead one's.
fn against_leaving<D: Model>() {
    race::<D>(evict, |heap, lock| {
        let Ok(_alive) = lock.try_lock() else { return };
        if entry::read(&heap.entries[0]) == Some(SEATED) {
            let mut reader = Reader::new(heap.ring(), 0, 0);
            assert!(try_receive(&mut reader));
            entry::leave(&heap.entries[0], SEATED, State::Detached).unwrap();
        }
    });
}

/// Broken: lets go of who is in the way without the lock.
fn suspicion<D: Model>() {
    race::<D>(
        |heap, _, _| {
            if let Some(word) = entry::read(&heap.entries[0]).filter(|word| word.gates()) {
                let _ = entry::evict(&heap.entries[0], word);
            }
        },
        |heap, lock| {
            let _alive = lock.lock().unwrap();
            try_receive(&mut Reader::new(heap.ring(), 0, 0));
        },
    );
}

/// Broken: comes back without the lock, and takes the entry for its own whatever became of it.
fn careless_resume<D: Model>() {
    race::<D>(evict, |heap, _| {
        let word = entry::read(&heap.entries[0]).unwrap();
        if word.state == State::Active {
            heap.entries[0].store(SEATED.encode(), Ordering::Release);
            try_receive(&mut Reader::new(heap.ring(), 0, 0));
        }
    });
}
