//! Loom models of the ring, of waiting and of what holds across the death of a peer.
//!
//! They run the code that ships, on heap memory: loom enters through [`sync`](crate::sync) alone. What the
//! kernel does is modelled by what it promises: a liveness lock by a mutex that is only tried, or by a flag
//! that is cleared last; a futex by a mutex and a condition variable; `membarrier` by a fence on either side.
//! A sleep never times out in a model, so that a lost wake-up is a deadlock, which loom reports. A death is
//! the end of a thread between two steps; every step is tried. Threads of a model look a few times instead of
//! spinning, which leads to the same states with fewer steps; what they left is looked at when they have ended.
//!
//! For each invariant there is also a model with the step that it forbids, built here from the ring's
//! primitives, which must fail: a model that can not fail shows nothing.
//!
//! What loom does not show: it treats a sequentially consistent fence as if it synchronised with every later one,
//! which is a little more than the language promises, and no load sees a store that comes later in the run (load
//! buffering), so the acquire and release on the wait word (W1) rest on the argument in its module. It explores
//! at most [`PREEMPTIONS`] forced switches per run, two in the larger models, which bounds the time: each
//! model takes seconds, all of them two or three minutes.
//!
//! ```text
//! RUSTFLAGS="--cfg loom" cargo test -p myelon-runtime --lib --release --target-dir target/loom models
//! ```

mod close;
mod evict;
mod gate;
mod join;
mod lossy;
mod notes;
mod publish;
mod records;
mod stop;
mod takeover;
mod wake;

use core::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use loom::thread::{self, JoinHandle};

use crate::event::RingEvent;
use crate::ring::entry::{State, Word};
use crate::ring::publisher::Publisher;
use crate::ring::reader::Reader;
use crate::ring::slots::{DenseSlot, StampedSlot};
use crate::ring::{Dense, Discipline, OPEN, Parts, Ring, Stamped};
use crate::sync::{AtomicU64, Ordering};

/// Forced switches between threads per run, where a model does not say otherwise.
const PREEMPTIONS: usize = 3;

/// Runs a model with at most `preemptions` forced switches.
fn check(preemptions: usize, model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    let runs = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&runs);
    let started = std::time::Instant::now();
    builder.check(move || {
        count.fetch_add(1, Relaxed);
        model();
    });
    let runs = runs.load(Relaxed);
    println!("{runs} runs in {:?}", started.elapsed());
    assert!(runs >= 10, "a model with {runs} runs explores nothing");
}

/// A discipline whose slots can be made on the heap.
trait Model: Discipline {
    /// How many anchors its producer keeps.
    const ANCHORS: usize = 0;

    fn blank<E: RingEvent>() -> Self::Slot<E>;
}

impl Model for Stamped {
    fn blank<E: RingEvent>() -> StampedSlot<E> {
        StampedSlot::new(E::BLANK)
    }
}

impl Model for Dense {
    fn blank<E: RingEvent>() -> DenseSlot<E> {
        DenseSlot::new(E::BLANK)
    }
}

/// The words and slots of one ring.
struct Heap<D: Discipline, E: RingEvent = u64> {
    published: AtomicU64,
    closed_at: AtomicU64,
    entries: Vec<AtomicU64>,
    cursors: Vec<AtomicU64>,
    slots: Vec<D::Slot<E>>,
    anchors: Vec<AtomicU64>,
}

// SAFETY: slots are cells, and loom reports every access to one that is not ordered with a write.
unsafe impl<D: Discipline, E: RingEvent> Sync for Heap<D, E> {}
// SAFETY: nothing in it belongs to a thread.
unsafe impl<D: Discipline, E: RingEvent> Send for Heap<D, E> {}

/// The owner of a consumer that was there before the model began.
const SEATED: Word = Word { state: State::Active, epoch: 1 };
const FREE: Word = Word { state: State::Free, epoch: 0 };

impl<D: Model, E: RingEvent> Heap<D, E> {
    fn new(capacity: usize, entries: usize) -> Arc<Self> {
        Arc::new(Self {
            published: AtomicU64::new(0),
            closed_at: AtomicU64::new(OPEN),
            entries: (0..entries).map(|_| AtomicU64::new(FREE.encode())).collect(),
            cursors: (0..entries).map(|_| AtomicU64::new(0)).collect(),
            slots: (0..capacity).map(|_| D::blank()).collect(),
            anchors: (0..D::ANCHORS).map(|_| AtomicU64::new(0)).collect(),
        })
    }

    /// The ring over these words. The heap outlives it: every thread of a model holds its own `Arc`.
    fn ring(&self) -> Ring<E, D> {
        let parts = Parts {
            published: NonNull::from(&self.published),
            closed_at: NonNull::from(&self.closed_at),
            entries: NonNull::from(self.entries.as_slice()).cast(),
            cursors: NonNull::from(self.cursors.as_slice()).cast(),
            cursor_stride: size_of::<AtomicU64>(),
            entry_count: self.entries.len() as u32,
            slots: NonNull::from(self.slots.as_slice()).cast(),
            capacity: self.slots.len() as u64,
            anchors: NonNull::from(self.anchors.as_slice()).cast(),
        };
        // SAFETY: (1) and (3) hold by construction, (2) because the thread holds the heap.
        unsafe { Ring::new(parts) }
    }

    fn stamp(&self, sequence: u64) -> &AtomicU64 {
        D::stamp::<E>(&self.slots[sequence as usize % self.slots.len()])
    }

    fn publisher(&self) -> Publisher<E, D> {
        Publisher::take_over(self.ring()).unwrap()
    }

    /// A consumer that reads from `at` on. To be called before other threads run.
    fn seat(&self, entry: u32, at: u64) {
        self.cursors[entry as usize].store(at, Ordering::Relaxed);
        self.entries[entry as usize].store(SEATED.encode(), Ordering::Release);
    }

    fn reader(&self, entry: u32) -> Reader<E, D> {
        Reader::new(self.ring(), entry, self.cursors[entry as usize].load(Ordering::Relaxed))
    }
}

/// What the event of a sequence holds.
const fn event(sequence: u64) -> u64 {
    100 + sequence
}

/// Writes and publishes the next `count` events if there is room.
fn try_publish<D: Model>(publisher: &mut Publisher<u64, D>, count: u64) -> bool {
    if publisher.room() < count {
        publisher.scan(|_, _| ());
    }
    if publisher.room() < count {
        return false;
    }
    write(publisher, count);
    // SAFETY: there is room for `count`, and they are written.
    unsafe { publisher.publish(count) };
    true
}

/// Writes the next `count` events, for which there is room.
fn write<D: Model>(publisher: &Publisher<u64, D>, count: u64) {
    for ahead in 0..count {
        // SAFETY: the caller saw room for `count`.
        let slot = unsafe { publisher.slot(ahead) };
        // SAFETY: as above.
        unsafe { slot.put(event(publisher.next() + ahead)) };
    }
}

/// Reads the next event if it is there, checks it and gives it back.
fn try_receive<D: Model>(reader: &mut Reader<u64, D>) -> bool {
    match reader.look() {
        Ok(true) => {}
        Ok(false) => return false,
        // A stamp may tell of the overrun before loom does: the same violation, seen by the reader itself.
        Err(overrun) => panic!("Causality violation, told by a word where the stream is whole: {overrun:?}"),
    }
    let expected = event(reader.next());
    assert_eq!(peek(reader, 0), expected);
    reader.acknowledge(1);
    true
}

/// The event `ahead` of the next one, which is known to be visible.
fn peek<D: Model>(reader: &Reader<u64, D>, ahead: u64) -> u64 {
    // SAFETY: known to be visible.
    let slot = unsafe { reader.event(ahead) };
    // SAFETY: loom reports a writer, the slot is `slot`'s until it is dropped.
    unsafe { slot.as_ptr().read() }
}

/// Starts a consumer that takes what it finds in `looks` looks, and then ends without leaving.
fn consumer<D: Model>(heap: &Arc<Heap<D>>, entry: u32, looks: u32) -> JoinHandle<()> {
    let heap = heap.clone();
    thread::spawn(move || {
        let mut reader = heap.reader(entry);
        for _ in 0..looks {
            try_receive(&mut reader);
        }
    })
}

/// Takes all that the consumer of `entry` has left, which must end at `end`. After its thread ended.
fn drain<D: Model>(heap: &Heap<D>, entry: u32, end: u64) {
    let mut reader = heap.reader(entry);
    while try_receive(&mut reader) {}
    assert_eq!(reader.next(), end);
}

/// Runs a generic model for both disciplines.
macro_rules! both {
    ($($(#[$meta:meta])* $name:ident => $model:ident;)*) => {$(
        mod $name {
            #[test]
            $(#[$meta])*
            fn stamped() {
                super::$model::<crate::ring::Stamped>();
            }

            #[test]
            $(#[$meta])*
            fn dense() {
                super::$model::<crate::ring::Dense>();
            }
        }
    )*};
}
use both;
