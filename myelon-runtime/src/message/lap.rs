//! How much one call passes that is no whole message before it looks up: a ring full, which is all that was there when it
//! began. Without that, one who writes nothing but padding or fragments would hold a reader for as long as it likes.

use crate::ring::records::{Flaw, Record, flag};

/// The way of one call through records that it has nothing to say of.
#[derive(Debug)]
pub(super) struct Lap {
    /// Units of the ring.
    capacity: u64,
    /// Units that were passed.
    passed: u64,
    /// Units of padding in a row.
    padding: u64,
}

impl Lap {
    /// In a ring of `capacity` units.
    pub(super) fn of(capacity: u64) -> Self {
        Self { capacity, passed: 0, padding: 0 }
    }

    /// A record was passed. True if it is time to look whether the call is to go on, and the next lap begins.
    pub(super) fn pass(&mut self, record: &Record) -> Result<bool, Flaw> {
        self.padding = if record.header.is(flag::PAD) { self.padding + record.units } else { 0 };
        if self.padding > self.capacity {
            return Err(Flaw("there is padding all around the ring"));
        }
        self.passed += record.units;
        let is_over = self.passed > self.capacity;
        if is_over {
            self.passed = 0;
        }
        Ok(is_over)
    }
}
