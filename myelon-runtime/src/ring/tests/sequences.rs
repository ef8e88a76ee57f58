//! Random interleavings of everything that may happen to a ring, against a list of what was published.
//!
//! Checked at every step: no slot is written over before all who gate have passed it, the limit is what R2 says
//! of the cursors, every reader sees every sequence once and in order from its start on (again from its cursor
//! after a death), and a lossy reader learns exactly how many it missed.

use proptest::prelude::*;

use super::super::entry::{self, State, Word};
use super::super::join::{self, Refused, Start};
use super::super::lossy::{self, Copied};
use super::super::publisher::Publisher;
use super::super::reader::Reader;
use super::super::{Dense, Discipline, Ring, Stamped};
use super::ops::{ENTRIES, Op, ops};
use super::{Event, Heap, event, peek, write};
use crate::sync::Ordering;

/// What the test knows of the consumer of an entry.
#[derive(Debug)]
enum Seat<D> {
    /// Nobody: free, left, or evicted.
    Empty(Word),
    Claimed(Word, Start),
    Reading(Word, Reader<Event, D>),
    Dead(Word),
}

struct World<'a, D: Discipline> {
    heap: &'a Heap,
    ring: Ring<Event, D>,
    publisher: Publisher<Event, D>,
    /// How many events are visible; the event of sequence `s` is `event(s)`.
    visible: u64,
    seats: Vec<Seat<D>>,
    lossy_at: u64,
    lossy_seen: u64,
    lossy_missed: u64,
}

impl<'a, D: Discipline> World<'a, D> {
    fn new(heap: &'a Heap) -> Self {
        let empty = || Seat::Empty(Word { state: State::Free, epoch: 0 });
        Self {
            heap,
            ring: heap.ring(),
            publisher: Publisher::take_over(heap.ring()).unwrap(),
            visible: 0,
            seats: (0..ENTRIES).map(|_| empty()).collect(),
            lossy_at: 0,
            lossy_seen: 0,
            lossy_missed: 0,
        }
    }

    /// The least cursor of those who gate, by the words alone.
    fn gate(&self) -> Option<u64> {
        (0..ENTRIES)
            .filter(|&entry| entry::read(&self.heap.entries[entry as usize]).is_some_and(Word::gates))
            .map(|entry| self.heap.cursor(entry).load(Ordering::Relaxed))
            .min()
    }

    fn scan(&mut self) {
        let mut shown = 0;
        let gate = self.publisher.scan(|_, _| shown += 1);
        let (capacity, quantum) = (self.ring.capacity(), self.ring.quantum());
        assert_eq!(gate.entry.is_some(), shown > 0);
        let limit = self.gate().map_or(u64::MAX, |gate| gate + capacity).min(self.visible + quantum);
        assert_eq!(self.publisher.room(), limit.saturating_sub(self.visible));
    }

    /// Writes the next `count` slots if there is room, and checks that none of them is anybody's.
    fn write(&mut self, count: u64) -> bool {
        if self.publisher.room() < count {
            self.scan();
        }
        if self.publisher.room() < count {
            return false;
        }
        for ahead in 0..count {
            let over = (self.visible + ahead).checked_sub(self.ring.capacity());
            for seat in &self.seats {
                if let (Seat::Reading(_, reader), Some(over)) = (seat, over) {
                    assert!(over < reader.next(), "{over} is written over before it is acknowledged");
                }
            }
            write(&self.publisher, ahead);
        }
        true
    }

    fn step(&mut self, op: Op) {
        match op {
            Op::Scan => self.scan(),
            Op::Publish(count) => {
                let count = count.min(self.ring.quantum());
                if self.write(count) {
                    // SAFETY: there is room for `count`, all written.
                    assert_eq!(unsafe { self.publisher.publish(count) }, self.visible);
                    self.visible += count;
                }
            }
            Op::Die { written, stamped } => self.die(written, stamped),
            Op::Claim(index, start) => self.claim(index, start),
            Op::Join(index) => self.join(index),
            Op::Look(index, most) => self.look(index, most),
            Op::Acknowledge(index, count) => {
                if let Seat::Reading(_, reader) = &mut self.seats[index as usize] {
                    let before = reader.next();
                    reader.acknowledge(count.min(reader.known()));
                    assert!(reader.next() >= before && reader.next() <= self.visible);
                }
            }
            Op::Leave(index) => {
                if let Seat::Reading(word, _) = self.seats[index as usize] {
                    let left = entry::leave(&self.heap.entries[index as usize], word, State::Detached);
                    self.seats[index as usize] = Seat::Empty(left.unwrap());
                }
            }
            Op::Kill(index) => {
                if let Seat::Reading(word, _) | Seat::Claimed(word, _) = self.seats[index as usize] {
                    self.seats[index as usize] = Seat::Dead(word);
                }
            }
            Op::Evict(index) => {
                if let Seat::Dead(word) = self.seats[index as usize] {
                    let evicted = entry::evict(&self.heap.entries[index as usize], word).unwrap();
                    assert!(!evicted.gates());
                    self.seats[index as usize] = Seat::Empty(evicted);
                }
            }
            Op::Move(index, start) => self.relocate(index, start),
            Op::Return(index) => self.come_back(index),
            Op::Lossy => self.lossy(),
        }
    }

    fn die(&mut self, written: u64, stamped: u64) {
        let written = written.min(self.ring.quantum());
        if self.write(written) && D::STAMPED {
            for _ in 0..stamped.min(written) {
                let stale = self.heap.published.load(Ordering::Relaxed);
                self.ring.show(self.visible, self.visible + 1);
                self.heap.published.store(stale, Ordering::Relaxed);
                self.visible += 1;
            }
        }
        self.publisher = Publisher::take_over(self.ring).unwrap();
        assert_eq!(self.publisher.next(), self.visible);
        assert_eq!(self.heap.published.load(Ordering::Relaxed), self.visible);
        assert_eq!(self.publisher.room(), 0);
    }

    fn claim(&mut self, index: u32, start: Start) {
        if let Seat::Empty(word) = self.seats[index as usize] {
            let claimed = entry::claim(&self.heap.entries[index as usize], word).unwrap();
            join::provisional(&self.ring, self.heap.cursor(index), start).unwrap();
            self.seats[index as usize] = Seat::Claimed(claimed, start);
        }
    }

    fn join(&mut self, index: u32) {
        let Seat::Claimed(claimed, start) = self.seats[index as usize] else { return };
        let (word, cursor) = (&self.heap.entries[index as usize], self.heap.cursor(index));
        let own = cursor.load(Ordering::Relaxed);
        let (opened, at) = join::finish(&self.ring, word, claimed, cursor, start, |_| ());
        let opened = opened.unwrap();
        assert_eq!(at, self.expected(start, own, None));
        self.seats[index as usize] = match at {
            Ok(at) => Seat::Reading(opened, Reader::new(self.ring, index, at)),
            Err(_) => Seat::Empty(entry::leave(word, opened, State::Free).unwrap()),
        };
    }

    /// What R6 says of a consumer with this start and this cursor of its own; `kept`: it gated from there all the time.
    fn expected(&self, start: Start, own: u64, kept: Option<u64>) -> Result<u64, Refused> {
        let oldest = (self.visible + self.ring.quantum()).saturating_sub(self.ring.capacity());
        let oldest = kept.map_or(oldest, |kept| kept.min(oldest));
        let wanted = match start {
            Start::Latest => self.visible,
            Start::Oldest => oldest,
            Start::Resume => own,
            Start::At(at) => at,
        };
        if wanted > self.visible {
            Err(Refused::Ahead { published: self.visible })
        } else if wanted < oldest {
            Err(Refused::Gone { oldest })
        } else {
            Ok(wanted)
        }
    }

    fn relocate(&mut self, index: u32, start: Start) {
        let Seat::Dead(word) = self.seats[index as usize] else { return };
        let (entry, cursor) = (&self.heap.entries[index as usize], self.heap.cursor(index));
        let Ok(adopted) = entry::adopt(entry, word) else { return };
        let own = cursor.load(Ordering::Relaxed);
        let (word, at) = join::relocate(&self.ring, entry, adopted, cursor, start, |_| ());
        assert_eq!(at, self.expected(start, own, Some(own)));
        let at = at.unwrap_or(own);
        assert_eq!(cursor.load(Ordering::Relaxed), at);
        self.seats[index as usize] = Seat::Reading(word.unwrap(), Reader::new(self.ring, index, at));
    }

    fn look(&mut self, index: u32, most: u64) {
        let Seat::Reading(_, reader) = &mut self.seats[index as usize] else { return };
        let there = self.visible - reader.next();
        if reader.known() == 0 {
            assert_eq!(reader.look(), Ok(there > 0), "complete, and nothing that is not there");
        }
        if reader.known() > 0 {
            let ahead = reader.look_ahead(most);
            assert!(ahead <= most.min(there));
            assert!(!D::STAMPED || ahead == most.min(there));
            for ahead in 0..reader.known() {
                assert!(reader.walk().sees(&self.ring, reader.next() + ahead));
                assert_eq!(peek(reader, ahead), event(reader.next() + ahead));
            }
            assert!(!reader.walk().sees(&self.ring, reader.next() + there));
        }
    }

    fn come_back(&mut self, index: u32) {
        let Seat::Dead(word) = self.seats[index as usize] else { return };
        let cursor = self.heap.cursor(index);
        let adopted = entry::adopt(&self.heap.entries[index as usize], word);
        self.seats[index as usize] = if let Ok(adopted) = adopted {
            let at = join::kept(&self.ring, cursor).unwrap();
            assert_eq!(at, cursor.load(Ordering::Relaxed));
            Seat::Reading(adopted, Reader::new(self.ring, index, at))
        } else {
            assert_ne!(word.state, State::Active);
            let claimed = entry::claim(&self.heap.entries[index as usize], word).unwrap();
            Seat::Claimed(claimed, Start::Resume)
        };
    }

    fn lossy(&mut self) {
        let oldest = (self.visible + self.ring.quantum()).saturating_sub(self.ring.capacity());
        match lossy::copy(&self.ring, self.lossy_at) {
            Copied::Event(found) => {
                assert!(self.lossy_at >= oldest);
                assert_eq!(found, event(self.lossy_at));
                self.lossy_at += 1;
                self.lossy_seen += 1;
            }
            Copied::NotYet => assert_eq!(self.lossy_at, self.visible),
            Copied::Lapped { oldest: found } => {
                assert_eq!(found, oldest);
                self.lossy_missed += found - self.lossy_at;
                self.lossy_at = found;
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(self.lossy_seen + self.lossy_missed, self.lossy_at);
    }

    /// Every reader that is left sees all that it has not seen.
    fn finish(mut self) {
        for index in 0..ENTRIES {
            loop {
                self.look(index, u64::MAX);
                let Seat::Reading(_, reader) = &mut self.seats[index as usize] else { break };
                if reader.known() == 0 {
                    assert_eq!(reader.next(), self.visible);
                    break;
                }
                reader.acknowledge(reader.known());
            }
        }
        self.publisher.close();
        for seat in &self.seats {
            if let Seat::Reading(_, reader) = seat {
                assert_eq!(reader.end(), Some(self.visible));
            }
        }
        self.heap.assert_untouched_guards();
    }
}

fn run<D: Discipline>(capacity: u64, ops: &[Op]) {
    let heap = Heap::new::<Event, D>(capacity, ENTRIES as usize);
    let mut world = World::<D>::new(&heap);
    for &op in ops {
        world.step(op);
    }
    world.finish();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn stamped(ops in ops(), capacity in prop::sample::select(vec![1u64, 2, 4, 8])) {
        run::<Stamped>(capacity, &ops);
    }

    #[test]
    fn dense(ops in ops(), capacity in prop::sample::select(vec![1u64, 2, 4, 8])) {
        run::<Dense>(capacity, &ops);
    }
}
