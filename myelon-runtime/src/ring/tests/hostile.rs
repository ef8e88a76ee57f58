//! P6: whatever stands in the shared words, nothing panics, overflows or leaves the ring. Before every step a
//! peer that lost its mind stores anything anywhere.

use core::hint::black_box;

use proptest::prelude::*;

use super::super::entry::{self, State, Word};
use super::super::gate;
use super::super::join::{self, Start};
use super::super::lossy::{self, Copied};
use super::super::publisher::Publisher;
use super::super::reader::Reader;
use super::super::{Dense, Discipline, MAX_SEQUENCE, Stamped};
use super::{Event, Heap, peek, try_publish};
use crate::event::RingEvent;
use crate::sync::Ordering;

#[derive(Debug, Clone, Copy)]
enum Victim {
    Published,
    ClosedAt,
    Entry(u32),
    Cursor(u32),
    Slot(usize),
}

#[derive(Debug, Clone, Copy)]
enum Step {
    TakeOver,
    Scan,
    Publish(u64),
    Join(u32, Start),
    Kept(u32),
    Look(u32, u64),
    Acknowledge(u32, u64),
    Lossy(u64),
    End(u32),
}

const ENTRIES: u32 = 2;

/// Any word, and those near the edges of what arithmetic and plausibility allow.
fn word() -> impl Strategy<Value = u64> {
    let near = |edge: u64| (0..20u64).prop_map(move |off| edge.wrapping_add(off).wrapping_sub(10));
    prop_oneof![
        any::<u64>(),
        near(0),
        0..64u64,
        near(MAX_SEQUENCE),
        near(1 << 63),
        (0..7u64, 0..4u64).prop_map(|(state, epoch)| state | epoch << 8),
    ]
}

fn attack() -> impl Strategy<Value = (Victim, u64)> {
    let victim = prop_oneof![
        Just(Victim::Published),
        Just(Victim::ClosedAt),
        (0..ENTRIES).prop_map(Victim::Entry),
        (0..ENTRIES).prop_map(Victim::Cursor),
        any::<usize>().prop_map(Victim::Slot),
    ];
    (victim, word())
}

fn step() -> impl Strategy<Value = Step> {
    let start = prop_oneof![
        Just(Start::Latest),
        Just(Start::Oldest),
        Just(Start::Resume),
        word().prop_map(Start::At)
    ];
    prop_oneof![
        Just(Step::TakeOver),
        Just(Step::Scan),
        (1..4u64).prop_map(Step::Publish),
        (0..ENTRIES, start).prop_map(|(entry, start)| Step::Join(entry, start)),
        (0..ENTRIES).prop_map(Step::Kept),
        (0..ENTRIES, prop_oneof![0..9u64, Just(u64::MAX)]).prop_map(|(entry, most)| Step::Look(entry, most)),
        (0..ENTRIES, 0..9u64).prop_map(|(entry, count)| Step::Acknowledge(entry, count)),
        word().prop_map(Step::Lossy),
        (0..ENTRIES).prop_map(Step::End),
    ]
}

struct Defence<'a, D: Discipline> {
    heap: &'a Heap,
    publisher: Option<Publisher<Event, D>>,
    readers: [Option<Reader<Event, D>>; ENTRIES as usize],
}

impl<D: Discipline> Defence<'_, D> {
    fn attacked(&self, victim: Victim, word: u64) {
        match victim {
            Victim::Published => self.heap.published.store(word, Ordering::Relaxed),
            Victim::ClosedAt => self.heap.closed_at.store(word, Ordering::Relaxed),
            Victim::Entry(entry) => self.heap.entries[entry as usize].store(word, Ordering::Relaxed),
            Victim::Cursor(entry) => self.heap.cursor(entry).store(word, Ordering::Relaxed),
            Victim::Slot(at) => self.heap.scribble(at, word),
        }
    }

    fn step(&mut self, step: Step) {
        let ring = self.heap.ring::<Event, D>();
        match step {
            Step::TakeOver => self.publisher = Publisher::take_over(ring).ok(),
            Step::Scan => {
                let published = self.publisher.as_ref().map_or(0, Publisher::next);
                let gate = gate::scan(&ring, published, |_, cursor| assert!(cursor <= published));
                assert!(gate.cursor <= published || gate.entry.is_none());
                if let Some(publisher) = &mut self.publisher {
                    publisher.scan(|_, _| ());
                    assert!(publisher.room() <= ring.quantum());
                }
            }
            Step::Publish(count) => {
                if let Some(publisher) = &mut self.publisher {
                    try_publish(publisher, count);
                }
            }
            Step::Join(index, start) => {
                let (word, cursor) = (&self.heap.entries[index as usize], self.heap.cursor(index));
                let Some(claimed) = entry::read(word).and_then(|from| entry::claim(word, from).ok()) else {
                    return;
                };
                if join::provisional(&ring, cursor, start).is_ok() {
                    let (_, at) = join::finish(&ring, word, claimed, cursor, start, |_| ());
                    self.readers[index as usize] = at.ok().map(|at| Reader::new(ring, index, at));
                }
            }
            Step::Kept(index) => {
                let at = join::kept(&ring, self.heap.cursor(index)).ok();
                self.readers[index as usize] = at.map(|at| Reader::new(ring, index, at));
            }
            Step::Look(index, most) => {
                if let Some(reader) = &mut self.readers[index as usize] {
                    if let Ok(true) = reader.look() {
                        assert!(reader.look_ahead(most) <= ring.capacity());
                    }
                    assert!(reader.known() <= ring.capacity());
                    black_box(
                        (0..reader.known())
                            .map(|ahead| peek(reader, ahead))
                            .fold(0, |sum, event| sum ^ event[0]),
                    );
                    black_box(reader.walk().sees(&ring, reader.next() + reader.known()));
                }
            }
            Step::Acknowledge(index, count) => {
                if let Some(reader) = &mut self.readers[index as usize] {
                    reader.acknowledge(count.min(reader.known()));
                }
            }
            Step::Lossy(at) => {
                black_box(lossy::copy(&ring, at));
                black_box(lossy::copy(&ring, lossy_start(&ring)));
            }
            Step::End(index) => {
                black_box(self.readers[index as usize].as_ref().and_then(Reader::end));
            }
        }
    }
}

/// Where a tap would begin.
fn lossy_start<E: RingEvent, D: Discipline>(ring: &super::Ring<E, D>) -> u64 {
    ring.oldest(ring.published().load(Ordering::Relaxed).min(MAX_SEQUENCE))
}

fn run<D: Discipline>(capacity: u64, script: &[(Option<(Victim, u64)>, Step)]) {
    let heap = Heap::new::<Event, D>(capacity, ENTRIES as usize);
    let publisher = Publisher::take_over(heap.ring()).ok();
    let mut defence = Defence::<D> { heap: &heap, publisher, readers: [None, None] };
    for &(attack, step) in script {
        if let Some((victim, word)) = attack {
            defence.attacked(victim, word);
        }
        defence.step(step);
    }
    heap.assert_untouched_guards();
}

fn script() -> impl Strategy<Value = Vec<(Option<(Victim, u64)>, Step)>> {
    prop::collection::vec((prop::option::of(attack()), step()), 1..100)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn stamped(script in script(), capacity in prop::sample::select(vec![1u64, 2, 4, 8])) {
        run::<Stamped>(capacity, &script);
    }

    #[test]
    fn dense(script in script(), capacity in prop::sample::select(vec![1u64, 2, 4, 8])) {
        run::<Dense>(capacity, &script);
    }

    #[test]
    fn an_entry_word_is_read_back_or_refused(bits in word()) {
        match Word::decode(bits) {
            Some(word) => prop_assert_eq!(word.encode(), bits),
            None => prop_assert!(bits >> 40 != 0 || bits & 0xff > State::Joining as u64),
        }
    }

    /// A copy of foreign bytes is checked before it becomes a value.
    #[test]
    fn a_lossy_copy_is_a_valid_value(bits in any::<u64>()) {
        let heap = Heap::new::<bool, Dense>(64, 0);
        heap.published.store(8, Ordering::Relaxed);
        heap.scribble(0, bits);
        let ring = heap.ring::<bool, Dense>();
        for (sequence, byte) in (0..).zip(bits.to_le_bytes()) {
            let expected = match byte {
                0 => Copied::Event(false),
                1 => Copied::Event(true),
                _ => Copied::Invalid,
            };
            prop_assert_eq!(lossy::copy(&ring, sequence), expected);
        }
    }
}
