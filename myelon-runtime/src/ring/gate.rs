//! Who holds the producer back.

use super::{Discipline, MAX_SEQUENCE, Ring, entry};
use crate::event::RingEvent;
use crate::sync::Ordering;

/// The slowest gating consumer at the time of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gate {
    /// The sequence it will read next; slots from here on are not to be written over.
    pub(crate) cursor: u64,
    /// Its entry; `None` if nobody gates.
    pub(crate) entry: Option<u32>,
}

impl Gate {
    pub(crate) const NOBODY: Self = Self { cursor: MAX_SEQUENCE, entry: None };
}

/// Finds the least cursor of the gating entries, and shows each to `each` (for statistics).
///
/// A cursor above `published` is taken for `published`: only its own owner can have written it, so only that
/// one is hurt. One that is very low just leaves no room; it is not corruption (R6).
pub(crate) fn scan<E: RingEvent, D: Discipline>(
    ring: &Ring<E, D>,
    published: u64,
    mut each: impl FnMut(u32, u64),
) -> Gate {
    let mut gate = Gate::NOBODY;
    for index in 0..ring.entry_count() {
        let (Some(word), Some(cursor)) = (ring.entry(index), ring.cursor(index)) else { break };
        // PAIR(joining consumer): released in `entry::open`.
        let gates = entry::Word::decode(word.load(Ordering::Acquire)).is_some_and(entry::Word::gates);
        if !gates {
            continue;
        }
        // PAIR(end of reading): released in `Reader::settle`.
        let cursor = cursor.load(Ordering::Acquire).min(published);
        each(index, cursor);
        if cursor < gate.cursor {
            gate = Gate { cursor, entry: Some(index) };
        }
    }
    gate
}
