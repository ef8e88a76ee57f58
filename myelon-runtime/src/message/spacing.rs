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
    /// is all but empty; else close together. A burst finds at most 16 KiB of the ring spaced.
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
    /// The first position at which the next look is due.
    due: u64,
}

/// How many units are written from one look to the next while records keep their distance: 16 KiB. No more than that is
/// spaced when readers stop to keep up.
const OFTEN: u64 = (16 << 10) / UNIT as u64;
/// Once may be chance.
const ENOUGH: u32 = 2;

impl Spacing {
    pub(super) const fn new(packing: Packing) -> Self {
        let now = matches!(packing, Packing::Spaced);
        Self { packing, kept_up: 0, suspended: false, now, due: 0 }
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
            self.due = next + OFTEN;
        }
        due
    }

    /// A consumer had read everything, or had not.
    pub(super) const fn saw(&mut self, kept_up: bool) {
        self.kept_up = if kept_up { self.kept_up.saturating_add(1) } else { 0 };
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

    #[test]
    fn records_keep_their_distance_while_readers_keep_up() {
        let mut spacing = Spacing::new(Packing::Adaptive);
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
            let mut spacing = Spacing::new(packing);
            for kept_up in [true, true, false] {
                spacing.saw(kept_up);
                assert_eq!(spacing.is_wanted(), wanted);
                assert!(!spacing.is_due(u64::MAX));
            }
        }
    }

    #[test]
    fn the_parts_of_a_message_lie_close_together() {
        let mut spacing = Spacing::new(Packing::Adaptive);
        spacing.saw(true);
        spacing.suspend(true);
        spacing.saw(true);
        assert!(!spacing.is_wanted());
        spacing.suspend(false);
        assert!(spacing.is_wanted());
    }

    #[test]
    fn looks_are_due_only_while_they_can_change_something() {
        let mut spacing = Spacing::new(Packing::Adaptive);
        assert!(!spacing.is_due(7));
        spacing.saw(true);
        spacing.saw(true);
        let looks = (0..10 * OFTEN).filter(|next| spacing.is_due(*next)).count();
        assert_eq!(looks, 10);
    }
}
