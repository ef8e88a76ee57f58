//! Whether records keep their distance from each other.
//!
//! A record that begins some way behind the one before it costs room. In return, no core fetches lines by itself that the
//! other end is about to use: a round trip of 1 KiB takes two thirds of the time (measured: see the benchmark). So records
//! keep their distance where a channel says so, and else while its readers keep up with the producer: then the ring is all but
//! empty. In a stream they lie close together.

use crate::ring::records::UNIT;

/// How records lie in the ring of a channel of messages.
///
/// A distance between them is for the sake of round trips: no core then fetches lines ahead that the other end is about to
/// use. It costs room: behind a record of more than two cache lines, a kilobyte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Packing {
    /// Close together: `optimize = throughput`.
    Dense,
    /// At a distance while the consumer that is looked at has read everything whenever the producer looks, so while the ring
    /// is all but empty; else close together. A burst finds at most an eighth of the ring spaced, or 16 KiB if that is more.
    #[default]
    Adaptive,
    /// Always at a distance: `optimize = latency`.
    Spaced,
}

/// What looks at a consumer's cursor say.
#[derive(Debug)]
pub(super) struct Spacing {
    packing: Packing,
    /// How many looks in a row found a consumer that had read everything.
    kept_up: u32,
    /// Not in a message's middle.
    suspended: bool,
    /// What follows from all that.
    now: bool,
    /// The first position at which the next look is due, and how far it is to the one after that.
    due: u64,
    every: u64,
    /// How far that may be.
    most: u64,
}

/// How many units are written from one look to the next at first, while records keep their distance: 16 KiB. Each look takes
/// a line from the consumer, so there are ever fewer while it keeps up. When it no longer does, what was written since the
/// last look is spaced, and nothing after that.
const OFTEN: u64 = (16 << 10) / UNIT as u64;
/// Once may be chance.
const ENOUGH: u32 = 2;

impl Spacing {
    /// For a ring of `capacity` units.
    pub(super) const fn new(packing: Packing, capacity: u64) -> Self {
        let now = matches!(packing, Packing::Spaced);
        Self { packing, kept_up: 0, suspended: false, now, due: 0, every: OFTEN, most: capacity / 8 }
    }

    /// Whether the next record is to keep its distance.
    #[inline(always)]
    pub(super) const fn is_wanted(&self) -> bool {
        self.now
    }

    /// Whether it is time to look again, now that the next position is `next`; then the look after it is due some way on.
    #[inline(always)]
    pub(super) const fn is_due(&mut self, next: u64) -> bool {
        let due = self.now && matches!(self.packing, Packing::Adaptive) && next >= self.due;
        if due {
            self.due = next + self.every;
        }
        due
    }

    /// A consumer had read everything, or had not.
    pub(super) const fn saw(&mut self, kept_up: bool) {
        self.kept_up = if kept_up { self.kept_up.saturating_add(1) } else { 0 };
        if !kept_up {
            self.every = OFTEN;
        } else if self.now && self.every * 2 <= self.most {
            self.every *= 2;
        }
        self.decide();
    }

    const fn decide(&mut self) {
        self.now = !self.suspended
            && match self.packing {
                Packing::Dense => false,
                Packing::Adaptive => self.kept_up >= ENOUGH,
                Packing::Spaced => true,
            };
    }

    /// Lets records lie close together, or as is wanted again: the parts of one message do.
    pub(super) const fn suspend(&mut self, suspended: bool) {
        self.suspended = suspended;
        self.decide();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPACITY: u64 = 64 * OFTEN;

    #[test]
    fn records_keep_their_distance_while_readers_keep_up() {
        let mut spacing = Spacing::new(Packing::Adaptive, CAPACITY);
        for (kept_up, wanted) in [
            (true, false),
            (false, false),
            (true, false),
            (true, true),
            (true, true),
            (false, false),
            (true, false),
        ] {
            spacing.saw(kept_up);
            assert_eq!(spacing.is_wanted(), wanted);
        }
    }

    #[test]
    fn where_the_channel_says_how_nobody_looks() {
        for (packing, wanted) in [(Packing::Spaced, true), (Packing::Dense, false)] {
            let mut spacing = Spacing::new(packing, CAPACITY);
            for kept_up in [true, true, false] {
                spacing.saw(kept_up);
                assert_eq!(spacing.is_wanted(), wanted);
                assert!(!spacing.is_due(u64::MAX));
            }
        }
    }

    #[test]
    fn the_parts_of_a_message_lie_close_together() {
        let mut spacing = Spacing::new(Packing::Adaptive, CAPACITY);
        spacing.saw(true);
        spacing.suspend(true);
        spacing.saw(true);
        assert!(!spacing.is_wanted());
        spacing.suspend(false);
        assert!(spacing.is_wanted());
    }

    #[test]
    fn looks_are_due_only_while_they_can_change_something_and_ever_fewer() {
        let mut spacing = Spacing::new(Packing::Adaptive, CAPACITY);
        assert!(!spacing.is_due(7));
        spacing.saw(true);
        spacing.saw(true);
        let mut looks = Vec::new();
        for next in 0..2 * CAPACITY {
            if spacing.is_due(next) {
                looks.push(next);
                spacing.saw(true);
            }
        }
        let apart: Vec<_> = looks.windows(2).map(|two| (two[1] - two[0]) / OFTEN).collect();
        assert_eq!(apart[..3], [1, 2, 4]);
        assert!(apart[3..].iter().all(|apart| *apart <= 8), "{apart:?}: an eighth of the ring at most");
        spacing.saw(false);
        assert_eq!(spacing.every, OFTEN);
    }
}
