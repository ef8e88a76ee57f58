//! The messages that the benchmarks send: how long each is, what it says, and how it is checked.
//!
//! A message is cut out of one private block of words, from a cache line that depends on its sequence and its length. So
//! making one costs nothing but the multiplication that finds it, for every subject alike, and still each byte differs
//! from that of the messages before and after it. The number of starts is a prime: a message that is a whole ring too
//! old is never taken for the right one.

pub mod book;
pub mod channel;

use std::fmt::Debug;

const LINE: usize = 64;
const WORD: usize = 8;
const WORDS: usize = LINE / WORD;
/// A message begins at one of so many lines of the block.
const STARTS: u64 = 257;
/// Messages from here on are checked in two words of each line only: else a benchmark of them would be one of checking.
pub const GLANCE_FROM: usize = 256 << 10;

/// How long the messages of a measurement are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lengths {
    /// All of this many bytes.
    Same(usize),
    /// From 64 B to 64 KiB, each doubling seven tenths as frequent as the one before; 2.1 KiB on average.
    MostlySmall,
    /// From 64 B to 64 KiB, each doubling as frequent as the others; 9.6 KiB on average.
    Even,
}

impl Lengths {
    /// So many doublings lie between the shortest and the longest of a mix.
    const DOUBLINGS: u32 = 10;
    const SHORTEST: usize = 64;
    /// How frequent each doubling of `MostlySmall` is: 1024 over powers of the root of two.
    const WEIGHTS: [u64; Self::DOUBLINGS as usize] = [1024, 724, 512, 362, 256, 181, 128, 91, 64, 45];

    /// The bytes of message `sequence`.
    #[inline(always)]
    pub fn of(self, sequence: u64) -> usize {
        match self {
            Self::Same(length) => length,
            Self::MostlySmall => {
                let chance = scramble(sequence);
                let mut left = chance % Self::WEIGHTS.iter().sum::<u64>();
                let doublings = Self::WEIGHTS.iter().take_while(|weight| {
                    let passed = left >= **weight;
                    left = left.saturating_sub(**weight);
                    passed
                });
                Self::within(doublings.count() as u32, chance)
            }
            Self::Even => {
                let chance = scramble(sequence);
                Self::within((chance % u64::from(Self::DOUBLINGS)) as u32, chance)
            }
        }
    }

    fn within(doublings: u32, chance: u64) -> usize {
        let least = Self::SHORTEST << doublings;
        least + (chance >> 32) as usize % least
    }

    /// No message is longer.
    pub fn longest(self) -> usize {
        match self {
            Self::Same(length) => length,
            Self::MostlySmall | Self::Even => (Self::SHORTEST << Self::DOUBLINGS) - 1,
        }
    }
}

/// Spreads the bits of a number over all bits.
fn scramble(number: u64) -> u64 {
    let mut bits = number.wrapping_add(1).wrapping_mul(GOLDEN);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// Word `index` of the block.
#[inline(always)]
const fn word(index: u64) -> u64 {
    index.wrapping_add(1).wrapping_mul(GOLDEN)
}

/// The first word of a message in the block.
#[inline(always)]
fn start(sequence: u64, length: usize) -> u64 {
    (sequence.wrapping_add(length as u64) % STARTS) * WORDS as u64
}

/// Makes and checks the messages of one measurement.
#[derive(Debug)]
pub struct Messages {
    lengths: Lengths,
    block: Vec<[u8; LINE]>,
}

impl Messages {
    /// Makes the block.
    pub fn new(lengths: Lengths) -> Self {
        let lines = STARTS as usize + lengths.longest().div_ceil(LINE);
        let line = |line: usize| {
            let mut bytes = [0; LINE];
            for (index, found) in bytes.as_chunks_mut::<WORD>().0.iter_mut().enumerate() {
                *found = word((line * WORDS + index) as u64).to_le_bytes();
            }
            bytes
        };
        Self { lengths, block: (0..lines).map(line).collect() }
    }

    /// The message with sequence `sequence`.
    #[inline(always)]
    pub fn message(&self, sequence: u64) -> &[u8] {
        let length = self.lengths.of(sequence);
        let first = start(sequence, length) as usize * WORD;
        // The block has all messages of these lengths; an empty one would be noticed.
        self.block.as_flattened().get(first..first + length).unwrap_or_default()
    }

    /// Zero if `found` is the message with sequence `sequence`. Looks at every byte of messages shorter than
    /// [`GLANCE_FROM`], and else at the first and the last word of each line.
    #[inline(always)]
    pub fn difference(&self, found: &[u8], sequence: u64) -> u64 {
        let length = self.lengths.of(sequence);
        if length < GLANCE_FROM {
            u64::from(found != self.message(sequence))
        } else {
            u64::from(found.len() != length) | glance(found, start(sequence, length))
        }
    }
}

/// The bits that differ from the message that begins with word `first` of the block, in both ends of each whole line.
///
/// It does not look into the block: that would be as much to read as the message itself.
#[inline(always)]
fn glance(found: &[u8], first: u64) -> u64 {
    const STEP: u64 = GOLDEN.wrapping_mul(WORDS as u64);
    let (mut head, mut tail) = (word(first), word(first + WORDS as u64 - 1));
    let mut wrong = 0;
    for line in found.as_chunks::<LINE>().0 {
        if let (Some(first), Some(last)) = (line.first_chunk(), line.last_chunk()) {
            wrong |= (u64::from_le_bytes(*first) ^ head) | (u64::from_le_bytes(*last) ^ tail);
        }
        head = head.wrapping_add(STEP);
        tail = tail.wrapping_add(STEP);
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::{GLANCE_FROM, LINE, Lengths, Messages, WORD};

    #[test]
    fn a_change_of_any_byte_is_seen() {
        for length in [1, 7, 8, 63, 64, 65, 200, 1024] {
            let messages = Messages::new(Lengths::Same(length));
            let sent = messages.message(77).to_vec();
            assert_eq!(messages.difference(&sent, 77), 0, "a message of {length} B agrees with itself");
            for index in 0..length {
                let mut changed = sent.clone();
                changed[index] ^= 1;
                assert_ne!(messages.difference(&changed, 77), 0, "byte {index} of {length} was changed");
            }
        }
    }

    #[test]
    fn another_sequence_or_length_is_another_message() {
        let messages = Messages::new(Lengths::Same(64));
        for ahead in [1, 2, 8, 1024, 4096, 1 << 20] {
            assert_ne!(messages.difference(messages.message(5), 5 + ahead), 0, "{ahead} later");
        }
        let message = messages.message(5);
        assert_ne!(messages.difference(&message[..63], 5), 0, "a message that lacks a byte");
    }

    #[test]
    fn a_glance_sees_both_ends_of_each_line() {
        let length = 2 * GLANCE_FROM;
        let messages = Messages::new(Lengths::Same(length));
        let sent = messages.message(3).to_vec();
        assert_eq!(messages.difference(&sent, 3), 0, "a long message agrees with itself");
        for index in [0, WORD - 1, LINE - WORD, LINE - 1, LINE * 100, GLANCE_FROM, length - 1] {
            let mut changed = sent.clone();
            changed[index] ^= 1;
            assert_ne!(messages.difference(&changed, 3), 0, "byte {index} was changed");
        }
    }

    #[test]
    fn mixes_are_as_long_as_they_say() {
        for (lengths, least, most) in [(Lengths::MostlySmall, 2000, 2400), (Lengths::Even, 9300, 10_300)] {
            let all: Vec<usize> = (0..10_000).map(|sequence| lengths.of(sequence)).collect();
            let mean = all.iter().sum::<usize>() / all.len();
            assert!((least..most).contains(&mean), "{lengths:?} have {mean} B on average");
            assert!(all.iter().all(|length| (64..=lengths.longest()).contains(length)), "{lengths:?}");
            let messages = Messages::new(lengths);
            let agree = (0..1000).all(|it| messages.difference(messages.message(it), it) == 0);
            assert!(agree, "{lengths:?}");
        }
    }
}
