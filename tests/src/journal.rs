//! What a participant did, in memory that outlives it: counts per sequence, and how far it came.
//!
//! A file of a test's own directory, mapped by the helper that writes and by the test that judges.

use core::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::fs::OpenOptions;
use std::path::Path;

use memmap2::MmapRaw;

/// Words at the start of the file.
const WORDS: usize = 8;

/// A bit of a count: told as lost.
const LOST: u8 = 0x80;

/// Marks of one participant, in one file.
#[derive(Debug)]
pub struct Journal {
    map: MmapRaw,
    sequences: u64,
}

/// What the words mean.
#[derive(Debug, Clone, Copy)]
pub enum Word {
    /// A producer is about to publish what lies below.
    Attempted = 0,
    /// A producer was told that what lies below is published.
    Published = 1,
    /// One more than the last event that a consumer handled.
    Handled = 2,
    /// How many events a consumer has in hand at a time.
    InHand = 3,
    /// One more than the sequence of an event whose contents were wrong.
    Torn = 4,
    /// Whatever the test says.
    Beat = 5,
    /// How many deaths of producers a consumer was told of.
    Told = 6,
    /// One more than the first event of a lossy consumer that could not know where it begins.
    Began = 7,
}

impl Journal {
    /// Opens the journal at `path`, made with room for `sequences` if it does not exist.
    pub fn open(path: &Path, sequences: u64) -> Self {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).unwrap();
        if file.metadata().unwrap().len() == 0 {
            file.set_len(WORDS as u64 * 8 + sequences).unwrap();
        }
        let map = MmapRaw::map_raw(&file).unwrap();
        let sequences = (map.len() - WORDS * 8) as u64;
        Self { map, sequences }
    }

    pub fn get(&self, word: Word) -> u64 {
        self.word(word).load(Ordering::Acquire)
    }

    pub fn set(&self, word: Word, value: u64) {
        self.word(word).store(value, Ordering::Release);
    }

    /// Counts the event `sequence` as handled once more.
    pub fn handle(&self, sequence: u64) {
        let count = self.count(sequence);
        let before = count.load(Ordering::Relaxed);
        if before & !LOST < !LOST {
            count.store(before + 1, Ordering::Relaxed);
        }
        self.set(Word::Handled, sequence + 1);
    }

    /// How often the event `sequence` was handled.
    pub fn times(&self, sequence: u64) -> u8 {
        self.count(sequence).load(Ordering::Acquire) & !LOST
    }

    /// Notes that the message `sequence` was told as lost. It does not count as handled, and is not handled later.
    pub fn lose(&self, sequence: u64) {
        self.count(sequence).fetch_or(LOST, Ordering::Relaxed);
        self.set(Word::Handled, sequence + 1);
    }

    /// Whether it was.
    pub fn is_lost(&self, sequence: u64) -> bool {
        self.count(sequence).load(Ordering::Acquire) & LOST != 0
    }

    fn word(&self, word: Word) -> &AtomicU64 {
        #[allow(clippy::cast_ptr_alignment, reason = "a map is aligned to a page")]
        let words = self.map.as_mut_ptr().cast::<u64>();
        // SAFETY: the file begins with `WORDS` words and is never cut.
        let at = unsafe { words.add(word as usize) };
        // SAFETY: in bounds and aligned, see above; every process accesses these words as atomics.
        unsafe { AtomicU64::from_ptr(at) }
    }

    fn count(&self, sequence: u64) -> &AtomicU8 {
        assert!(sequence < self.sequences, "the journal has no room for event {sequence}");
        // SAFETY: below the length of the map, by the assertion.
        let at = unsafe { self.map.as_mut_ptr().add(WORDS * 8 + sequence as usize) };
        // SAFETY: in bounds; every process accesses these bytes as atomics.
        unsafe { AtomicU8::from_ptr(at) }
    }
}
