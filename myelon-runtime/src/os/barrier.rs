//! The expensive half of an asymmetric fence: one call that is a full fence in every registered process.
//!
//! The sleeper pays it, so that whoever publishes needs only a compiler fence (design, section 6). It costs
//! some microseconds and interrupts every core that runs a registered process.

use core::sync::atomic::{AtomicU64, Ordering};

use rustix::thread::{MembarrierCommand, membarrier};

use super::fork;

/// Fork generation + 1 in the upper half, whether the kernel accepted in the lowest bit; 0 = never asked.
static REGISTERED: AtomicU64 = AtomicU64::new(0);

/// Registers this process, so that [`everyone`] reaches it too. False: the kernel refuses, use real fences.
///
/// Asks the kernel once per process; a forked child registers anew, because it need not inherit it.
/// Call it before becoming visible to others.
pub(crate) fn register() -> bool {
    let now = (u64::from(fork::generation()) + 1) << 32;
    let known = REGISTERED.load(Ordering::Relaxed);
    if known & !1 == now {
        return known & 1 == 1;
    }
    // Two threads may both ask: that is harmless.
    let accepted = membarrier(MembarrierCommand::RegisterGlobalExpedited).is_ok();
    REGISTERED.store(now | u64::from(accepted), Ordering::Relaxed);
    accepted
}

/// A full fence in every thread of every registered process, this one included. False: it did not happen.
pub(crate) fn everyone() -> bool {
    membarrier(MembarrierCommand::GlobalExpedited).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{everyone, register};

    #[test]
    fn the_kernel_gives_the_same_answer_each_time() {
        let first = register();
        assert_eq!(register(), first);
        assert!(!first || everyone(), "registered, yet the barrier is refused");
    }
}
