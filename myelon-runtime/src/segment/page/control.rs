//! The control page: the one that every participant writes.

use crate::sync::{AtomicU64, Ordering};
use crate::wait::word::WaitWord;

/// Where the entry words begin in the control page; one word per entry, in a row.
pub(crate) const CONTROL_ENTRIES: u64 = size_of::<ControlPage>() as u64;

/// The head of the control page.
#[repr(C, align(64))]
#[derive(Debug)]
pub(crate) struct ControlPage {
    /// Where consumers wait for events.
    pub(crate) data: WaitWord,
    /// Where the producer waits for room.
    pub(crate) room: WaitWord,
    flags: Flags,
}

#[repr(C, align(64))]
#[derive(Debug)]
struct Flags {
    superseded: AtomicU64,
    reserved: [AtomicU64; 7],
}

impl ControlPage {
    /// Tells all who are still here that the name leads to another segment now. For good.
    pub(crate) fn supersede(&self) {
        // PAIR(superseded): acquired in `is_superseded`.
        self.flags.superseded.store(1, Ordering::Release);
        crate::sync::point!("supersede: marked");
        self.data.wake_now();
        crate::sync::point!("supersede: consumers told");
        self.room.wake_now();
    }

    pub(crate) fn is_superseded(&self) -> bool {
        // PAIR(superseded): released in `supersede`.
        self.flags.superseded.load(Ordering::Acquire) != 0
    }
}
