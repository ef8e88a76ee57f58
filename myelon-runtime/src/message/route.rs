//! Which way long payloads take into the ring: through the caches, or past them.
//!
//! Where reader and writer share a cache, lines that stay in it are the fastest, by a factor of three. Where they do not,
//! each line that is stored to has to be fetched from the reader's cache first, and going past the caches is five times
//! as fast. Threads move, and no system call tells where they are: so both ways are timed, now and then, and the better one
//! is taken, where the reader is far ([`Distance`](super::distance::Distance)); elsewhere what is known here stays as it is.
//! Nobody's result depends on it.
//!
//! A piece that goes past the caches costs the same wherever the reader is, so it can be tried at any time. What a piece
//! costs that goes through them shows only when all lines of the ring do, for some laps: that is tried seldom.

/// How long both ways took lately, and which is taken.
#[derive(Debug)]
pub(super) struct Route {
    /// Bytes after which each line was written anew.
    lap: u64,
    /// Pieces so far.
    turn: u32,
    past: bool,
    /// Bytes to go before what a piece costs is what it costs in the long run.
    settling: u64,
    /// Bytes to go before the way through the caches is tried again, and how many laps that were.
    stays: u64,
    patience: u64,
    /// What a piece that went past the caches costs at best, or a little more; 0 unknown.
    beyond: u32,
    /// Of the pieces that went through the caches: how many were timed lately, and how many of those took much longer.
    timed: u32,
    slow: u32,
}

/// How one piece is to be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Way {
    /// Past the caches.
    pub(super) past: bool,
    /// Whether to say how long it took.
    pub(super) timed: bool,
}

/// Bytes of a piece at most: what one decision holds for.
pub(super) const PIECE: usize = 16 * 1024;
/// One piece of so many is timed, a clock costs as much as a short piece (both odd, or it were always the same piece of each
/// message); ...
const TIME: u32 = 31;
/// ... one of so many goes past the caches while the others do not, ...
const EXPLORE: u32 = 509;
/// ... and so many that were timed are enough to decide.
const ENOUGH: u32 = 16;
/// Laps until a ring is as it stays.
const SETTLE: u64 = 2;
/// Laps past the caches before the other way is tried again: at first, and at most.
const PATIENCE: u64 = 128;
const MOST_PATIENCE: u64 = 2048;

/// Time per KiB, in sixteenths of a nanosecond, at least 1.
fn cost(len: usize, nanos: u128) -> u32 {
    let cost = nanos.saturating_mul(16 * 1024) / len.max(1) as u128;
    u32::try_from(cost).unwrap_or(u32::MAX / 8).clamp(1, u32::MAX / 8)
}

impl Route {
    /// For a ring of so many bytes.
    pub(super) fn new(lap: u64) -> Self {
        Self {
            lap,
            turn: 0,
            past: false,
            settling: SETTLE * lap,
            stays: 0,
            patience: PATIENCE,
            beyond: 0,
            timed: 0,
            slow: 0,
        }
    }

    /// The way of the next piece, of `len` bytes.
    pub(super) fn next(&mut self, len: usize) -> Way {
        self.turn = self.turn.wrapping_add(1);
        if self.past {
            self.stays = self.stays.saturating_sub(len as u64);
            if self.stays == 0 {
                self.try_through();
            }
            return Way { past: self.past, timed: false };
        }
        self.settling = self.settling.saturating_sub(len as u64);
        if self.turn % EXPLORE == 0 {
            return Way { past: true, timed: true };
        }
        Way { past: false, timed: self.settling == 0 && self.turn % TIME == 0 }
    }

    fn try_through(&mut self) {
        self.past = false;
        self.settling = SETTLE * self.lap;
        self.timed = 0;
        self.slow = 0;
    }

    /// A piece of `len` bytes took `nanos`.
    pub(super) fn took(&mut self, way: Way, len: usize, nanos: u128) {
        let cost = cost(len, nanos);
        if way.past {
            // Interruptions only add: down at once, up slowly.
            self.beyond = match self.beyond {
                0 => cost,
                before if cost < before => cost,
                before => before + (cost - before) / 16,
            };
            return;
        }
        if self.beyond == 0 {
            return;
        }
        self.timed += 1;
        // Much longer, since the way through the caches is the better one for readers.
        self.slow += u32::from(cost > self.beyond + self.beyond / 3 * 2);
        if self.timed < ENOUGH {
            return;
        }
        if self.slow >= ENOUGH / 4 * 3 {
            self.past = true;
            self.stays = self.patience.saturating_mul(self.lap);
            self.patience = (self.patience * 2).min(MOST_PATIENCE);
        } else if self.slow <= ENOUGH / 4 {
            self.patience = PATIENCE;
        }
        self.timed = 0;
        self.slow = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAP: u64 = 1 << 20;

    /// Copies laps that take so many nanoseconds per KiB through the caches and past them; how many thousandths of the
    /// pieces went past.
    fn copy(route: &mut Route, laps: u64, through: u128, past: u128) -> u64 {
        let pieces = laps * LAP / PIECE as u64;
        let mut count = 0;
        for _ in 0..pieces {
            let way = route.next(PIECE);
            count += u64::from(way.past);
            if way.timed {
                route.took(way, PIECE, 16 * if way.past { past } else { through });
            }
        }
        count * 1000 / pieces
    }

    #[test]
    fn the_better_way_is_found_and_found_again_and_the_other_one_costs_little() {
        let mut route = Route::new(LAP);
        assert!(copy(&mut route, 100, 25, 40) <= 3);
        copy(&mut route, 100, 90, 40);
        assert!(copy(&mut route, 10_000, 90, 40) >= 980);
        // Threads moved: it takes as long as its patience.
        copy(&mut route, MOST_PATIENCE, 25, 40);
        assert!(copy(&mut route, 1000, 25, 40) <= 3);
        copy(&mut route, 100, 90, 40);
        assert!(route.past && route.patience == 2 * PATIENCE, "{route:?}");
    }

    #[test]
    fn what_the_first_laps_cost_decides_nothing() {
        let mut route = Route::new(LAP);
        assert!(copy(&mut route, SETTLE, 1000, 40) <= 10);
        assert!(copy(&mut route, 100, 30, 40) <= 3);
    }

    #[test]
    fn what_is_about_the_same_changes_nothing_and_one_interruption_neither() {
        let mut route = Route::new(LAP);
        copy(&mut route, 100, 60, 40);
        assert!(!route.past);
        for past in [false, true] {
            route.took(Way { past, timed: true }, PIECE, u128::MAX);
        }
        copy(&mut route, 10, 25, 40);
        assert!(copy(&mut route, 100, 25, 40) <= 3);
    }

    #[test]
    fn a_ring_that_holds_few_pieces_decides_by_as_many() {
        let mut route = Route::new(PIECE as u64);
        for _ in 0..20_000 {
            let way = route.next(PIECE);
            if way.timed {
                route.took(way, PIECE, if way.past { 16 * 40 } else { 16 * 90 });
            }
        }
        assert!(route.patience > PATIENCE);
    }
}
