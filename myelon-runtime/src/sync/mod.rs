//! The only door to atomics, cells and spin hints: `core` in a build that ships, loom's in a model.
//!
//! Loom has neither `membarrier` nor a futex. [`light_fence`] and [`heavy_fence`] are the two halves of the
//! asymmetric fence (design: the sleeper pays); a model runs a real fence on both sides, which orders the
//! same pairs of accesses. `model::without_membarrier` takes the light one away, as on a system that refuses.

mod cell;
#[cfg(myelon_crash)]
pub(crate) mod crash;
#[cfg(loom)]
mod explored;
#[cfg(all(test, not(loom)))]
pub(crate) mod fuse;

pub(crate) use cell::{Cell, ConstPtr, MutPtr};

#[cfg(not(loom))]
pub(crate) use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, Ordering, fence};
#[cfg(loom)]
pub(crate) use explored::AtomicU64;
#[cfg(loom)]
pub(crate) use loom::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering, fence};

/// A crash point: a place between two steps that other processes see, at which a test has this process killed or
/// stopped, or in unit tests its thread die. Nothing at all but in those and in a build with `--cfg myelon_crash`. The name
/// says what is done by then; it is in the list of the tests, and nowhere else.
macro_rules! point {
    ($name:literal) => {
        #[cfg(myelon_crash)]
        $crate::sync::crash::reached($name);
        #[cfg(all(test, not(loom)))]
        $crate::sync::fuse::reached($name);
    };
}
pub(crate) use point;

/// Tells the processor that this is a spin loop; lets another thread of a model run.
#[inline(always)]
pub(crate) fn spin_hint() {
    #[cfg(not(loom))]
    core::hint::spin_loop();
    #[cfg(loom)]
    loom::thread::yield_now();
}

/// The cheap half of an asymmetric fence: keeps the compiler from moving accesses across it. The processor
/// may still delay the store before it past the load after it, until the other side's [`heavy_fence`].
#[inline(always)]
pub(crate) fn light_fence() {
    #[cfg(not(loom))]
    core::sync::atomic::compiler_fence(Ordering::SeqCst);
    #[cfg(loom)]
    if model::has_membarrier() {
        fence(Ordering::SeqCst);
    }
}

#[cfg(loom)]
pub(crate) mod model {
    use core::cell::Cell;

    // Loom runs all threads of a model in the one that called it.
    std::thread_local!(static MEMBARRIER: Cell<bool> = const { Cell::new(true) });
    std::thread_local!(static LOSSY: Cell<bool> = const { Cell::new(false) });

    pub(super) fn has_membarrier() -> bool {
        MEMBARRIER.get()
    }

    pub(super) fn may_be_read_while_written() -> bool {
        LOSSY.get()
    }

    /// Runs a model in which the light half of the asymmetric fence orders nothing.
    #[cfg(test)]
    pub(crate) fn without_membarrier(model: impl FnOnce()) {
        with(&MEMBARRIER, false, model);
    }

    /// Runs a model in which units are copied while they may be written over (R7). In others loom reports that.
    #[cfg(test)]
    pub(crate) fn read_while_written(model: impl FnOnce()) {
        with(&LOSSY, true, model);
    }

    #[cfg(test)]
    fn with(switch: &'static std::thread::LocalKey<Cell<bool>>, value: bool, model: impl FnOnce()) {
        struct Restore(&'static std::thread::LocalKey<Cell<bool>>, bool);
        impl Drop for Restore {
            fn drop(&mut self) {
                self.0.set(self.1);
            }
        }
        let _restore = Restore(switch, switch.replace(value));
        model();
    }
}

/// The same number, and the compiler does not know it.
///
/// After `loaded == counter` the compiler may go on with the loaded value in place of the counter. Where the
/// counter then makes an address, that turns a walk over the ring into a chase: each slot's address waits for
/// the slot before it, and every miss is paid one after the other (measured: half the rate of every stamped
/// stream). So comparisons of that kind are made with `opaque(counter)`.
#[inline(always)]
pub(crate) fn opaque(number: u64) -> u64 {
    #[cfg(all(not(loom), not(miri), any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        let mut number = number;
        // SAFETY: an empty template; it reads and writes nothing but its own register.
        unsafe {
            core::arch::asm!("/* {0} */", inout(reg) number, options(pure, nomem, nostack, preserves_flags));
        }
        number
    }
    #[cfg(not(all(not(loom), not(miri), any(target_arch = "x86_64", target_arch = "aarch64"))))]
    number
}
