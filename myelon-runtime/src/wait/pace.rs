//! How long to let the other side be between two looks at its line.
//!
//! Each look takes the line from whoever is about to write it, and then the writer waits. Looking every 30 ns or so
//! instead of as fast as possible cuts a fifth off the round trip, although the news is then seen later by half of
//! that (measured, on processors whose pause takes 8 and 40 ns).

use core::time::Duration;

/// The time between two looks that was best.
const BETWEEN_LOOKS: Duration = Duration::from_nanos(34);
/// A pause is taken to last at least an eighth of that.
const MOST: u32 = 8;

/// How many of the processor's pauses go between two looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace(u32);

impl Pace {
    /// What was measured in this process; one pause if nothing was.
    pub(crate) fn current() -> Self {
        #[cfg(not(loom))]
        let pauses = measured::PAUSES.load(crate::sync::Ordering::Relaxed);
        #[cfg(loom)]
        let pauses = 1;
        Self(pauses.max(1))
    }

    #[inline(always)]
    pub(crate) fn between_looks(self) {
        for _ in 0..self.0 {
            crate::sync::spin_hint();
        }
    }
}

/// Times the processor's pause once in the life of a process: some microseconds. To be called where an end is made.
#[cfg(not(loom))]
pub(crate) fn measure() {
    use crate::sync::Ordering;

    if measured::PAUSES.load(Ordering::Relaxed) == 0 {
        // Two threads that do so at once find about the same.
        measured::PAUSES.store(measured::pauses(), Ordering::Relaxed);
    }
}

#[cfg(not(loom))]
mod measured {
    use std::time::Instant;

    use super::{BETWEEN_LOOKS, Duration, MOST};
    use crate::sync::{AtomicU32, spin_hint};

    /// 0 until measured.
    pub(super) static PAUSES: AtomicU32 = AtomicU32::new(0);

    /// The shortest of some trials: the first is slow, and any may be interrupted.
    pub(super) fn pauses() -> u32 {
        const PAUSES: u32 = 64;
        let trial = || {
            let began = Instant::now();
            for _ in 0..PAUSES {
                spin_hint();
            }
            began.elapsed()
        };
        let all = (0..8).map(|_| trial()).min().unwrap_or_default();
        per_look(all / PAUSES)
    }

    /// How many pauses come closest to the time between two looks, if one takes so long.
    pub(super) fn per_look(pause: Duration) -> u32 {
        let pause = pause.max(Duration::from_nanos(1));
        let pauses = (BETWEEN_LOOKS + pause / 2).as_nanos() / pause.as_nanos();
        u32::try_from(pauses).unwrap_or(MOST).clamp(1, MOST)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::{Duration, MOST, measured};

    #[test]
    fn the_time_between_two_looks_is_as_near_as_whole_pauses_come() {
        let all = [0, 4, 8, 17, 22, 23, 26, 40, 100, 1000].map(Duration::from_nanos).map(measured::per_look);
        assert_eq!(all, [MOST, MOST, 4, 2, 2, 1, 1, 1, 1, 1]);
    }
}
