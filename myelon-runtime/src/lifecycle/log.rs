//! The last records of one participant: a small ring in its page that only it writes, and anybody reads at any time, also
//! when its writer died in the middle.
//!
//! # Invariants
//! - **N1** Who owns a page is the only one that writes its log: by the lock of its entry, or the producer's (S5, L1). The next
//!   owner finds what the last one left, and goes on with its numbers.
//! - **N2** A slot's number is 0 while its words change. It is taken away before the first of them is stored, and comes back,
//!   higher, after the last. So a reader that finds the same number before and after the words has those that belong to it; a
//!   record that was never finished has none.

use super::note::{Note, WORDS};
use crate::sync::{AtomicU64, Ordering, fence};

/// How many records a participant keeps.
pub(crate) const KEPT: usize = 16;
/// No writer counts this far: a higher number is not one.
const HIGHEST: u64 = 1 << 48;

/// A participant's last records. All words are atomics, so any bytes are a valid value (S3).
#[repr(C, align(64))]
#[derive(Debug)]
pub(crate) struct Log<const KEPT: usize = { self::KEPT }> {
    slots: [Slot; KEPT],
}

/// One record.
#[repr(C, align(64))]
#[derive(Debug)]
pub(crate) struct Slot {
    /// Which record of its page it is, the first being 1.
    pub(crate) number: AtomicU64,
    pub(crate) words: [AtomicU64; WORDS],
}

impl Slot {
    #[cfg(all(test, loom))]
    pub(crate) fn new() -> Self {
        Self { number: AtomicU64::new(0), words: core::array::from_fn(|_| AtomicU64::new(0)) }
    }

    /// Writes a record over whatever is there (N2).
    pub(crate) fn write(&self, number: u64, words: [u64; WORDS]) {
        self.number.store(0, Ordering::Relaxed);
        // PAIR(record begins): acquired in `read`. Who reads one of the new words sees that the number is gone.
        fence(Ordering::Release);
        crate::sync::point!("note: begun");
        self.fill(words);
        crate::sync::point!("note: written");
        // PAIR(record): acquired in `read`.
        self.number.store(number, Ordering::Release);
    }

    pub(crate) fn fill(&self, words: [u64; WORDS]) {
        for (to, word) in self.words.iter().zip(words) {
            to.store(word, Ordering::Relaxed);
        }
    }

    /// A whole record with its number; `None` if there is none, or it changes at this moment (N2).
    pub(crate) fn read(&self) -> Option<(u64, [u64; WORDS])> {
        // PAIR(record): released in `write`.
        let number = self.number.load(Ordering::Acquire);
        if number == 0 {
            return None;
        }
        let words = self.copy();
        // PAIR(record begins): released in `write`.
        fence(Ordering::Acquire);
        (self.number.load(Ordering::Relaxed) == number).then_some((number, words))
    }

    pub(crate) fn copy(&self) -> [u64; WORDS] {
        let mut words = [0; WORDS];
        for (to, word) in words.iter_mut().zip(&self.words) {
            *to = word.load(Ordering::Relaxed);
        }
        words
    }
}

impl<const KEPT: usize> Log<KEPT> {
    #[cfg(all(test, loom))]
    pub(crate) fn new() -> Self {
        Self { slots: core::array::from_fn(|_| Slot::new()) }
    }

    /// For tests that scribble over them.
    #[cfg(all(test, not(loom)))]
    pub(crate) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// For models that break it.
    #[cfg(all(test, loom))]
    pub(crate) fn slot(&self, number: u64) -> &Slot {
        &self.slots[number as usize % KEPT]
    }

    /// Writes a record over the oldest. For the owner of the page alone (N1).
    pub(crate) fn write(&self, note: &Note) {
        let number = self.next();
        if let Some(slot) = self.slots.get(number as usize % KEPT) {
            slot.write(number, note.encode());
        }
    }

    /// The number after the highest.
    fn next(&self) -> u64 {
        let numbers = self.slots.iter().map(|slot| slot.number.load(Ordering::Relaxed));
        let last = numbers.max().unwrap_or(0);
        if last < HIGHEST {
            return last + 1;
        }
        // Nobody of ours wrote that. What is here cannot be put in order any more.
        self.slots.iter().for_each(|slot| slot.number.store(0, Ordering::Relaxed));
        1
    }

    /// What can be read at the moment, the oldest first: at most as many as are kept.
    pub(crate) fn notes(&self) -> Vec<Note> {
        let mut found: Vec<_> = (0..KEPT as u64)
            .zip(&self.slots)
            .filter_map(|(index, slot)| {
                let (number, words) = slot.read()?;
                let in_place = number <= HIGHEST && number % KEPT as u64 == index;
                in_place.then_some((number, Note::decode(words)?))
            })
            .collect();
        found.sort_by_key(|(number, _)| *number);
        found.into_iter().map(|(_, note)| note).collect()
    }
}
