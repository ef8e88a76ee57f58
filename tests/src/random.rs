//! A seeded generator, so that a failure at a random moment can be looked for again.

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

/// Prints its seed if the test that uses it panics.
#[derive(Debug)]
pub struct Random {
    seed: u64,
    state: u64,
    is_told: bool,
}

impl Random {
    /// From `MYELON_TEST_SEED`, or from the clock.
    pub fn new() -> Self {
        #[allow(clippy::disallowed_methods, reason = "a switch of the tests, not of the library")]
        let given = std::env::var("MYELON_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
        let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |time| time.as_nanos() as u64);
        let seed = given.unwrap_or_else(clock);
        Self { seed, state: seed | 1, is_told: true }
    }

    /// From a seed that the caller tells when something fails.
    pub fn seeded(seed: u64) -> Self {
        Self { seed, state: seed, is_told: false }
    }

    /// Whether a chance of one in `of` came.
    pub fn one_in(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    pub fn word(&mut self) -> u64 {
        // splitmix64
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        crate::channels::mix(self.state)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.word() % end
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len() as u64) as usize]
    }

    /// Up to `most`, shorter ones more often.
    pub fn moment(&mut self, most: Duration) -> Duration {
        let most = most.as_nanos() as u64;
        let shift = self.below(6);
        Duration::from_nanos(self.below((most >> shift).max(1)))
    }
}

impl Default for Random {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Random {
    fn drop(&mut self) {
        if self.is_told && std::thread::panicking() {
            eprintln!("to try the same random moments again: MYELON_TEST_SEED={}", self.seed);
        }
    }
}
