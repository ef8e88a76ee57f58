//! How far the other end is: how long a cache line takes from it.
//!
//! Between cores that share a cache a line takes some 50 ns, between others three to five times as long. Where they are far,
//! asking for lines before they are written makes a stream half as fast again, or twice, and before they are read, up to a
//! tenth faster; where they are near, either costs up to a quarter. Threads move, and no system call tells: so it is measured,
//! now and then, by a producer where it looks for room, by a consumer where it looks for messages.

use core::time::Duration;
use std::time::Instant;

use crate::ring::records::UNIT;
use crate::sync::{AtomicU64, Ordering, fence};

/// What the last looks at the other end's cursor say; near, until it is known.
#[derive(Debug, Default)]
pub(super) struct Distance {
    far: bool,
    /// Of the last looks: how many there were, and how many took long.
    looks: u32,
    long: u32,
    /// The first position at which the next look is due.
    due: u64,
    /// Whether the last ones found what was known: then they are fewer.
    settled: bool,
    /// Whose cursor was looked at last, and what it said: an unchanged one is in this core's cache, and tells nothing.
    seen: (u32, u64),
}

/// How many units go by from one look to the next, at least: 64 KiB; ...
const SELDOM: u64 = (64 << 10) / UNIT as u64;
/// ... and 512 KiB once they find what was known: each costs a tenth of a microsecond. A thread that moved is noticed after 4 MiB.
const SETTLED: u64 = 8 * SELDOM;
/// What a line takes that comes from far, in nanoseconds, at least. (The clock hides some of it.)
const LONG: Duration = Duration::from_nanos(75);
/// After how many looks is decided.
const ENOUGH: u32 = 8;

/// What a word of another process says, and how long it took to come.
fn time(word: &AtomicU64) -> (u64, Duration) {
    // What was stored before is not to be waited for by the load.
    fence(Ordering::SeqCst);
    let begun = Instant::now();
    // Orders nothing: only how long it takes matters, and whether it is another value.
    let value = word.load(Ordering::Relaxed);
    let looked = Instant::now();
    // The clock itself takes as long as a near line.
    let clock = looked.elapsed();
    (value, (looked - begun).saturating_sub(clock))
}

impl Distance {
    /// For an end that asks for no lines: it never looks.
    pub(super) fn unasked() -> Self {
        Self { due: u64::MAX, ..Self::default() }
    }

    /// Whether enough was written or read, now that the next position is `next`, for another look to be worth it: then it is
    /// due only some way on.
    #[inline(always)]
    pub(super) fn is_due(&mut self, next: u64) -> bool {
        let due = next >= self.due;
        if due {
            self.due = next + if self.settled { SETTLED } else { SELDOM };
        }
        due
    }

    /// Times a look at the cursor of the consumer of an entry.
    pub(super) fn probe(&mut self, entry: u32, cursor: &AtomicU64) {
        let (at, took) = time(cursor);
        let (before, then) = core::mem::replace(&mut self.seen, (entry, at));
        if entry == before && at != then {
            self.note(took);
        }
    }

    /// Times a look at the published cursor, by one who knows what it said last.
    pub(super) fn probe_from(&mut self, published: &AtomicU64, known: u64) {
        let (at, took) = time(published);
        if at != known {
            self.note(took);
        }
    }

    fn note(&mut self, took: Duration) {
        self.looks += 1;
        self.long += u32::from(took >= LONG);
        if self.looks == ENOUGH {
            // In between, it stays what it was.
            let far = if self.far { self.long > ENOUGH / 8 } else { self.long >= ENOUGH / 2 };
            self.settled = far == self.far;
            self.far = far;
            (self.looks, self.long) = (0, 0);
        }
    }

    /// When the next look is due.
    #[cfg(test)]
    pub(super) fn due(&self) -> u64 {
        self.due
    }

    /// Whether the end that was looked at is far.
    #[inline(always)]
    pub(super) fn is_far(&self) -> bool {
        self.far
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(looks: u32, nanos: u64, distance: &mut Distance) -> bool {
        for _ in 0..looks {
            distance.note(Duration::from_nanos(nanos));
        }
        distance.is_far()
    }

    #[test]
    fn far_is_what_is_far_for_some_time() {
        let mut distance = Distance::default();
        assert!(!after(ENOUGH, 40, &mut distance));
        for _ in 0..10 {
            assert!(!after(1, 1_000_000, &mut distance), "an interruption");
            assert!(!after(ENOUGH - 1, 40, &mut distance));
        }
        assert!(!after(ENOUGH - 1, 100, &mut distance), "not known yet");
        assert!(after(1, 100, &mut distance));
        for _ in 0..10 {
            assert!(after(ENOUGH - 2, 40, &mut distance), "some are hidden");
            assert!(after(2, 100, &mut distance));
        }
    }

    #[test]
    fn a_cursor_that_did_not_move_tells_nothing() {
        let mut distance = Distance { seen: (3, 7), ..Distance::default() };
        distance.probe(3, &AtomicU64::new(7));
        distance.probe(2, &AtomicU64::new(8));
        assert_eq!(distance.looks, 0, "nor one of somebody else");
        distance.probe(2, &AtomicU64::new(9));
        assert_eq!(distance.looks, 1);
    }

    #[test]
    fn a_published_cursor_that_says_what_is_known_tells_nothing() {
        let mut distance = Distance::default();
        distance.probe_from(&AtomicU64::new(7), 7);
        assert_eq!(distance.looks, 0);
        distance.probe_from(&AtomicU64::new(8), 7);
        assert_eq!(distance.looks, 1);
    }

    #[test]
    fn a_look_is_due_once_in_so_many_units_and_less_often_where_nothing_changes() {
        let mut distance = Distance::default();
        let mut looks = |nanos| {
            let mut looks = 0;
            let from = distance.due;
            for next in from..from + 160 * SELDOM {
                if distance.is_due(next) {
                    looks += 1;
                    distance.note(Duration::from_nanos(nanos));
                }
            }
            looks
        };
        assert_eq!(looks(40), 8 + (160 - 8) / 8);
        assert_eq!(looks(100), 8 + 8 + (160 - 8 * 8 - 8) / 8, "until it is far for sure");
    }
}
