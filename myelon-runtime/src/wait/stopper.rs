//! Ending a wait from another thread or from a signal handler.

use std::sync::Arc;

use super::word::WaitWord;
use crate::sync::{AtomicBool, AtomicPtr, AtomicU32, Ordering, fence, spin_hint};

/// What a stopper and its end share. In private memory, so that a stopper may outlive the end's mapping.
#[derive(Debug)]
pub(crate) struct StopState {
    stopped: AtomicBool,
    /// Where the end sleeps; null once the end is gone, or if nobody may wake it.
    bed: AtomicPtr<WaitWord>,
    /// Stoppers that are using `bed` at the moment.
    using: AtomicU32,
    /// The fork generation of the process whose end it is.
    #[cfg(not(loom))]
    generation: u32,
}

impl StopState {
    /// Whether this is a forked child's copy. There the end refuses to work, and a stopper that was using the bed
    /// when the fork happened will never be done.
    fn is_copy(&self) -> bool {
        #[cfg(not(loom))]
        let copy = self.generation != crate::os::fork::generation();
        #[cfg(loom)]
        let copy = false;
        copy
    }
}

/// The end's half.
#[derive(Debug)]
pub(crate) struct StopFlag(Arc<StopState>);

/// Ends the waits of one producer or consumer: from another thread, or from a signal handler.
///
/// A call that waits returns `Stopped`; what is already there is still delivered first. Stopping is for good.
///
/// Only one that waits: an end that always finds what it wants goes on as if nobody had stopped it, be it a consumer that is
/// never done with what is there or a producer that always has room. Nor do calls that only try say `Stopped`. A loop around
/// such calls asks [`is_stopped`](Self::is_stopped) itself.
#[derive(Debug, Clone)]
pub struct Stopper(Arc<StopState>);

impl Stopper {
    /// Ends the current wait and all later ones. Safe to call in a signal handler: it only stores to memory
    /// and makes one system call.
    pub fn stop(&self) {
        let state = &*self.0;
        // Before the word moves: a sleeper that reads the new word sees the flag in its last look (W1).
        state.stopped.store(true, Ordering::Release);
        if state.is_copy() {
            return;
        }
        state.using.fetch_add(1, Ordering::Relaxed);
        // Pairs with the fence of `StopFlag::drop`: either it sees `using`, or the load below sees null.
        fence(Ordering::SeqCst);
        let bed = state.bed.load(Ordering::Relaxed);
        if !bed.is_null() {
            // SAFETY: the end clears `bed` and then waits until nobody is `using` it before it unmaps the
            // word (`StopFlag::drop`), so the word is mapped here.
            unsafe { &*bed }.wake_now();
        }
        // PAIR(end of using the word): acquired in `StopFlag::drop`.
        state.using.fetch_sub(1, Ordering::Release);
    }

    /// Whether somebody called [`stop`](Self::stop).
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Acquire)
    }
}

impl StopFlag {
    /// # Safety
    /// 1. `bed` stays mapped until this value is dropped.
    pub(crate) unsafe fn new(bed: &WaitWord) -> Self {
        Self::at(core::ptr::from_ref(bed).cast_mut())
    }

    /// Of an end that nobody wakes: it looks at the flag often enough.
    pub(crate) fn of_unseen() -> Self {
        Self::at(core::ptr::null_mut())
    }

    fn at(bed: *mut WaitWord) -> Self {
        Self(Arc::new(StopState {
            stopped: AtomicBool::new(false),
            bed: AtomicPtr::new(bed),
            using: AtomicU32::new(0),
            #[cfg(not(loom))]
            generation: crate::os::fork::generation(),
        }))
    }

    pub(crate) fn stopper(&self) -> Stopper {
        Stopper(Arc::clone(&self.0))
    }

    #[inline]
    pub(crate) fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Relaxed)
    }
}

impl Drop for StopFlag {
    fn drop(&mut self) {
        self.0.bed.store(core::ptr::null_mut(), Ordering::Relaxed);
        // Pairs with the fence of `Stopper::stop`.
        fence(Ordering::SeqCst);
        // A stopper is between two instructions of `stop`: wait for it to be done with the word.
        // PAIR(end of using the word): released in `Stopper::stop`.
        while !self.0.is_copy() && self.0.using.load(Ordering::Acquire) != 0 {
            spin_hint();
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::os::testing::fork;

    #[test]
    fn a_forked_child_does_not_wait_for_a_stopper_that_stayed_in_its_parent() {
        // Installs the handlers that count forks.
        let _end = crate::channel::testing::Site::<u64, crate::ring::Stamped>::new().create(1);
        let word = WaitWord::unused();
        // SAFETY: (1) `word` is dropped after the flag.
        let flag = unsafe { StopFlag::new(&word) };
        // As the fork of another thread finds it, in the middle of `stop`.
        flag.0.using.store(1, Ordering::Relaxed);
        let stopper = flag.stopper();
        let flag = core::mem::ManuallyDrop::new(flag);
        let mut child = fork(|| {
            stopper.stop();
            // SAFETY: the child's copy, which is dropped this once; the parent's is another.
            drop(unsafe { core::ptr::read(&raw const *flag) });
            7
        });
        assert_eq!(child.said(), 7);
        flag.0.using.store(0, Ordering::Relaxed);
        drop(core::mem::ManuallyDrop::into_inner(flag));
        stopper.stop();
        assert!(stopper.is_stopped());
    }
}
