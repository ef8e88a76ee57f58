//! Waiting for the other side, outside of what is measured and in the subjects that only spin.

use std::time::Instant;

/// Spins; gives the core away after a while, for the case that the other side shares it.
#[derive(Debug, Default)]
pub(crate) struct Spin {
    rounds: u32,
}

impl Spin {
    /// Long beside anything that a side on its own core waits for.
    const BEFORE_YIELD: u32 = 20_000;

    #[inline(always)]
    pub(crate) fn once(&mut self) {
        std::hint::spin_loop();
        self.count();
    }

    /// Without the processor's pause between two looks.
    #[inline(always)]
    pub(crate) fn hot(&mut self) {
        self.count();
    }

    #[inline(always)]
    fn count(&mut self) {
        self.rounds += 1;
        if self.rounds > Self::BEFORE_YIELD {
            give_way();
        }
    }
}

#[cold]
fn give_way() {
    std::thread::yield_now();
}

/// How often to pause between two looks at a line that the other side is about to write.
///
/// The interval that gave the shortest round trips of the bare rings on the machine it was tried on (a pause of 8.5 ns,
/// near cores), out of a dozen between none and 400 ns: best from 32 bytes on, without effect for stamped events of 8
/// bytes, and not the same from one run to the next. A pause of the processor is 8 to 50 ns, so it is counted out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pause(u32);

impl Pause {
    const BETWEEN_LOOKS: f64 = 34.0;

    /// Times the processor's pause: the shortest of some trials, for the first one is slow and any may be interrupted.
    pub(crate) fn measured() -> Self {
        const PAUSES: u32 = 64;
        let trial = || {
            let began = Instant::now();
            for _ in 0..PAUSES {
                std::hint::spin_loop();
            }
            began.elapsed().as_nanos() as f64 / f64::from(PAUSES)
        };
        let one = (0..8).map(|_| trial()).fold(f64::INFINITY, f64::min);
        Self((Self::BETWEEN_LOOKS / one).round().clamp(1.0, 8.0) as u32)
    }

    #[inline(always)]
    pub(crate) fn between_looks(self, spin: &mut Spin) {
        for _ in 0..self.0 {
            std::hint::spin_loop();
        }
        spin.count();
    }
}
