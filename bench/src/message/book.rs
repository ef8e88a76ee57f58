//! A structure of 4 KiB, of which receivers read one field where it lies, and how it is checked.

use myelon::rkyv;

/// What an order book holds at one price.
#[derive(
    Debug,
    Clone,
    Copy,
    rkyv::Archive,
    rkyv::Serialize,
    rkyv::Deserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[rkyv(crate = myelon::rkyv)]
pub struct Level {
    price: u64,
    quantity: u64,
}

/// The structure.
#[derive(Debug, rkyv::Archive, rkyv::Serialize, rkyv::Deserialize, serde::Serialize, serde::Deserialize)]
#[rkyv(crate = myelon::rkyv)]
pub struct Book {
    sequence: u64,
    bids: Vec<Level>,
    asks: Vec<Level>,
}

/// Levels on each side.
const LEVELS: u64 = 127;
/// So many of the first messages are looked at as a whole, the others at one field.
const WHOLE: u64 = 256;
/// Bytes of the structure when it is archived.
pub const ARCHIVED: usize = 4088;

fn price(index: u64) -> u64 {
    index.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

impl Default for Book {
    fn default() -> Self {
        let level = |index| Level { price: price(index), quantity: index };
        Self {
            sequence: 0,
            bids: (0..LEVELS).map(level).collect(),
            asks: (LEVELS..2 * LEVELS).map(level).collect(),
        }
    }
}

impl Book {
    /// Turns it into the one with that sequence.
    #[inline(always)]
    pub fn turn(&mut self, sequence: u64) {
        self.sequence = sequence;
        for side in [&mut self.bids, &mut self.asks] {
            if let Some(best) = side.first_mut() {
                best.quantity = sequence;
            }
        }
    }
}

impl ArchivedBook {
    /// Zero if it is the one with that sequence, else the bits that differ. Looks at one field, and at everything in the
    /// first few.
    #[inline(always)]
    pub fn difference(&self, sequence: u64) -> u64 {
        let wrong = self.sequence.to_native() ^ sequence;
        if sequence < WHOLE { wrong | self.whole(sequence) } else { wrong }
    }

    #[cold]
    fn whole(&self, sequence: u64) -> u64 {
        let mut wrong = (self.bids.len() as u64 ^ LEVELS) | (self.asks.len() as u64 ^ LEVELS);
        for (level, index) in self.bids.iter().chain(self.asks.iter()).zip(0..) {
            let quantity = if index % LEVELS == 0 { sequence } else { index };
            wrong |= (level.price.to_native() ^ price(index)) | (level.quantity.to_native() ^ quantity);
        }
        wrong
    }
}
