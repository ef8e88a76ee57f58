//! A clock that two processes can compare and that costs little to read.

use rustix::time::{ClockId, clock_gettime};

/// Nanoseconds of the monotonic clock.
fn monotonic() -> u64 {
    nanoseconds(ClockId::Monotonic)
}

/// Nanoseconds of processor time that this process has used.
pub(crate) fn processor_time() -> u64 {
    nanoseconds(ClockId::ProcessCPUTime)
}

fn nanoseconds(clock: ClockId) -> u64 {
    let now = clock_gettime(clock);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// The clock of the measurements, in ticks of [`Rate`].
#[inline(always)]
pub(crate) fn ticks() -> u64 {
    #[cfg(target_arch = "x86_64")]
    {
        // SAFETY: reads a counter that every processor of this architecture has.
        unsafe { core::arch::x86_64::_rdtsc() }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        monotonic()
    }
}

/// How long a tick is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    nanoseconds_per_tick: f64,
}

impl Rate {
    /// Compares the two clocks for a twentieth of a second.
    pub(crate) fn measure() -> Self {
        let (began, first) = (monotonic(), ticks());
        while monotonic() - began < 50_000_000 {}
        let (elapsed, last) = (monotonic() - began, ticks());
        Self { nanoseconds_per_tick: elapsed as f64 / (last - first) as f64 }
    }

    pub(crate) fn to_bits(self) -> u64 {
        self.nanoseconds_per_tick.to_bits()
    }

    pub(crate) fn from_bits(bits: u64) -> Self {
        Self { nanoseconds_per_tick: f64::from_bits(bits) }
    }

    pub(crate) fn nanoseconds(self, ticks: u64) -> f64 {
        ticks as f64 * self.nanoseconds_per_tick
    }

    pub(crate) fn ticks(self, nanoseconds: f64) -> u64 {
        (nanoseconds / self.nanoseconds_per_tick) as u64
    }
}
