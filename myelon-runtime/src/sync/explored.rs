//! Loom's `AtomicU64`, with every order of two accesses explored.
//!
//! Loom decides which orders of accesses to try by looking at the last access before each. A thread that loads
//! a word and then stores to it hides a load of another thread before its own: the order in which that load
//! comes after the store is never tried. Here each access is preceded by a relaxed store to a second word that
//! nobody loads. Such stores order nothing, but any two of them conflict, so loom tries both orders.

use core::fmt;
use loom::sync::atomic::{AtomicU64 as Inner, Ordering};

pub struct AtomicU64 {
    inner: Inner,
    accesses: Inner,
}

impl AtomicU64 {
    pub(crate) fn new(value: u64) -> Self {
        Self { inner: Inner::new(value), accesses: Inner::new(0) }
    }

    fn access(&self) -> &Inner {
        self.accesses.store(0, Ordering::Relaxed);
        &self.inner
    }

    pub(crate) fn load(&self, order: Ordering) -> u64 {
        self.access().load(order)
    }

    pub(crate) fn store(&self, value: u64, order: Ordering) {
        self.access().store(value, order);
    }

    pub(crate) fn fetch_or(&self, value: u64, order: Ordering) -> u64 {
        self.access().fetch_or(value, order)
    }

    pub(crate) fn fetch_and(&self, value: u64, order: Ordering) -> u64 {
        self.access().fetch_and(value, order)
    }

    pub(crate) fn compare_exchange(
        &self,
        current: u64,
        new: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64> {
        self.access().compare_exchange(current, new, success, failure)
    }
}

impl fmt::Debug for AtomicU64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AtomicU64").finish_non_exhaustive()
    }
}
