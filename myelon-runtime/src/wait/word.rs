//! Sleeping on a word of shared memory and waking whoever sleeps there: no lost wake-up, and a price that is
//! not paid by a publisher nobody waits for.
//!
//! - sleeper: `seen = word`; set own waiter bit; heavy fence; look again; `futex_wait(word, seen, bound)`
//! - waker: make the news visible; light fence; if any waiter bit: bits to zero, `word += 1`, wake all
//!
//! # Invariants
//! - **W1** The sleeper reads `word` before it announces itself. The other way round a waker could consume the
//!   announcement and bump the word in between, and the sleeper would sleep on the new value.
//! - **W2** Between the announcement and the last look stands the heavy fence, between the news and the look
//!   at the bits the light one: so either the waker sees the bit or the sleeper sees the news.
//! - **W3** Bits and not a count: a sleeper that was killed costs one system call, not one per publish.
//! - **W4** Who cannot use `membarrier` sets [`FENCE`] for good; then wakers run a real fence. Until they have
//!   seen it, sleeps are bounded by a millisecond.
//!
//! Every sleep is bounded; a time-out is the moment to look for dead peers (L6).

use core::time::Duration;

use crate::sync::{AtomicU32, AtomicU64, Ordering, fence, light_fence};

/// The waiter bit that is not a waiter: wakers run a real fence (W4).
const FENCE: u64 = 1 << 63;

/// Longest sleep of one who cannot rely on the asymmetric fence (W4).
const FENCELESS_SLEEP: Duration = Duration::from_millis(1);

/// For one who does not announce itself: it only reads the word, and naps.
pub(crate) const UNSEEN: u64 = 0;

/// One place to sleep, in a cache line of its own in the control page.
#[repr(C, align(64))]
#[derive(Debug)]
pub(crate) struct WaitWord {
    word: AtomicU32,
    #[cfg(not(loom))]
    reserved: AtomicU32,
    bits: AtomicU64,
    /// The cursor from which on a wake-up is wanted; 0 = any.
    wanted: AtomicU64,
    #[cfg(loom)]
    queue: futex::Queue,
}

/// The waiter bit of entry `index`. Entries beyond 62 share bits: nobody clears its own, so sharing costs a
/// spurious wake-up at most.
pub(crate) const fn waiter_bit(index: u32) -> u64 {
    1 << (index % 63)
}

impl WaitWord {
    #[cfg(loom)]
    pub(crate) fn new() -> Self {
        Self {
            word: AtomicU32::new(0),
            bits: AtomicU64::new(0),
            wanted: AtomicU64::new(0),
            queue: futex::Queue::new(),
        }
    }

    /// One at which nobody waits, outside of any segment.
    #[cfg(all(test, not(loom)))]
    pub(crate) fn unused() -> Self {
        Self {
            word: AtomicU32::new(0),
            reserved: AtomicU32::new(0),
            bits: AtomicU64::new(0),
            wanted: AtomicU64::new(0),
        }
    }

    /// What unmapping is in a model: loom reports whoever uses the word at the same time.
    #[cfg(loom)]
    pub(crate) fn unmap(&mut self) {
        self.word.with_mut(|_| ());
    }

    /// To be called once by each participant that cannot use `membarrier`, before it becomes visible.
    pub(crate) fn require_fence(&self) {
        self.bits.fetch_or(FENCE, Ordering::AcqRel);
    }

    /// Wakes whoever sleeps here. The news is stored before. Costs one load while nobody sleeps.
    /// Returns whether somebody was woken.
    #[inline(always)]
    pub(crate) fn notify(&self) -> bool {
        self.notify_reached(u64::MAX)
    }

    /// Like [`notify`](Self::notify), for a sleeper that wants to be woken when a cursor has reached some value.
    #[inline(always)]
    pub(crate) fn notify_reached(&self, cursor: u64) -> bool {
        light_fence();
        self.bits.load(Ordering::Relaxed) != 0 && self.wake(cursor)
    }

    #[cold]
    #[inline(never)]
    fn wake(&self, reached: u64) -> bool {
        let mut bits = self.bits.load(Ordering::Acquire);
        if bits & FENCE != 0 {
            fence(Ordering::SeqCst);
            bits = self.bits.load(Ordering::Acquire);
        }
        // PAIR(wanted): released by the announcement in `sleep`.
        if bits & !FENCE == 0 || reached < self.wanted.load(Ordering::Relaxed) {
            return false;
        }
        self.bits.fetch_and(FENCE, Ordering::AcqRel);
        crate::sync::point!("wake: taken");
        self.wake_now();
        true
    }

    /// Wakes everybody, asked or not: for stoppers and for news that no cursor tells.
    pub(crate) fn wake_now(&self) {
        // PAIR(wake-up): acquired in `read`.
        self.word.fetch_add(1, Ordering::Release);
        crate::sync::point!("wake: moved");
        futex::wake_all(self);
    }

    /// Announces the caller, runs `ready` a last time and sleeps unless it says yes, at most for `bound`.
    /// Returns whether `ready` said yes; a caller that slept looks for itself.
    ///
    /// `wanted` is the cursor to be woken at (see [`notify_reached`](Self::notify_reached)).
    pub(crate) fn sleep(&self, bit: u64, wanted: u64, bound: Duration, ready: impl FnOnce() -> bool) -> bool {
        // W1.
        let seen = self.read();
        self.announce(bit, wanted);
        crate::sync::point!("sleep: announced");
        // W2.
        let bound = if heavy_fence() {
            bound
        } else {
            self.require_fence();
            bound.min(FENCELESS_SLEEP)
        };
        if ready() {
            return true;
        }
        crate::sync::point!("sleep: nothing");
        self.block(seen, bound);
        crate::sync::point!("sleep: over");
        false
    }

    /// The same for one who cannot announce itself, or shall not: nobody wakes it for its own sake, so `bound` is short.
    /// It wakes with others who sleep here. Stores nothing, so the word may be mapped for loads only.
    pub(crate) fn nap(&self, bound: Duration, ready: impl FnOnce() -> bool) -> bool {
        let seen = self.read();
        if ready() {
            return true;
        }
        self.block(seen, bound);
        false
    }

    // The steps of `sleep`, also for models of sleepers that get them wrong.

    pub(crate) fn read(&self) -> u32 {
        // PAIR(wake-up): released in `wake_now`; brings along what was stored before it.
        self.word.load(Ordering::Acquire)
    }

    pub(crate) fn announce(&self, bit: u64, wanted: u64) {
        self.wanted.store(wanted, Ordering::Relaxed);
        crate::sync::point!("sleep: wanted");
        // PAIR(wanted): acquired in `wake`.
        self.bits.fetch_or(bit, Ordering::AcqRel);
    }

    pub(crate) fn block(&self, seen: u32, bound: Duration) {
        futex::wait(self, seen, bound);
    }
}

/// The expensive half of the asymmetric fence. False if the system refuses `membarrier`; a real fence of this
/// processor ran all the same.
pub(crate) fn heavy_fence() -> bool {
    fence(Ordering::SeqCst);
    #[cfg(not(loom))]
    let everyone = crate::os::barrier::everyone();
    #[cfg(loom)]
    let everyone = true;
    fence(Ordering::SeqCst);
    everyone
}

#[cfg(not(loom))]
mod futex {
    use super::{Duration, WaitWord};
    use crate::os;

    pub(super) fn wait(at: &WaitWord, seen: u32, bound: Duration) {
        os::futex::wait(&at.word, seen, bound);
    }

    pub(super) fn wake_all(at: &WaitWord) {
        os::futex::wake_all(&at.word);
    }
}

/// The kernel's promise in a model: comparing the word and going to sleep are one step against a wake-up.
#[cfg(loom)]
#[allow(clippy::unwrap_used, reason = "a model fails by panicking; nobody poisons these locks otherwise")]
mod futex {
    use super::{Duration, Ordering, WaitWord};
    use loom::sync::{Condvar, Mutex};

    #[derive(Debug)]
    pub(super) struct Queue(Mutex<()>, Condvar);

    impl Queue {
        pub(super) fn new() -> Self {
            Self(Mutex::new(()), Condvar::new())
        }
    }

    /// Never times out, so that a lost wake-up is a deadlock, which loom reports.
    pub(super) fn wait(at: &WaitWord, seen: u32, _: Duration) {
        let guard = at.queue.0.lock().unwrap();
        if at.word.load(Ordering::Relaxed) == seen {
            drop(at.queue.1.wait(guard).unwrap());
        }
    }

    pub(super) fn wake_all(at: &WaitWord) {
        drop(at.queue.0.lock().unwrap());
        at.queue.1.notify_all();
    }
}
