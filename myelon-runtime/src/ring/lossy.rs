//! Reading without taking part (R7): never gates, never holds a reference, learns afterwards whether it was lapped.
//!
//! The copy of slot `s` may be torn by a later lap. That lap was opened by a scan which had stored some
//! published cursor `P` with `s + capacity < P + q` and run a fence; so if the copy contains any of its bytes,
//! the published cursor read after an acquire fence is at least `P`, and `s + capacity >= p + q` fails.

use core::mem::MaybeUninit;

use super::{Discipline, MAX_SEQUENCE, Ring};
use crate::event::RingEvent;
use crate::sync::{Ordering, fence};

/// What a look at one sequence gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Copied<E> {
    /// The event, whole.
    Event(E),
    /// Not published yet.
    NotYet,
    /// Overwritten; `oldest` is where to go on.
    Lapped { oldest: u64 },
    /// Whole, and not a valid value.
    Invalid,
    /// The shared cursor is not one that a producer of ours wrote.
    Implausible { published: u64 },
}

/// Copies the event of `sequence` out of the ring.
pub(crate) fn copy<E: RingEvent, D: Discipline>(ring: &Ring<E, D>, sequence: u64) -> Copied<E> {
    let before = match ring.plausible() {
        Ok(before) => before,
        Err(published) => return Copied::Implausible { published },
    };
    if sequence >= before {
        return Copied::NotYet;
    }
    if sequence < ring.oldest(before) {
        return Copied::Lapped { oldest: ring.oldest(before) };
    }
    let mut copy = MaybeUninit::uninit();
    crate::sync::point!("glance: seen");
    ring.cell(sequence).copy_racing(&mut copy);
    crate::sync::point!("glance: copied");
    if let Err(oldest) = ring.still_there(sequence, before) {
        return Copied::Lapped { oldest };
    }
    // SAFETY: (1) private memory, aligned, and every byte was written by the copy; whole by R7.
    if E::CHECKED && !unsafe { E::is_valid(copy.as_ptr()) } {
        return Copied::Invalid;
    }
    // SAFETY: whole (R7, above), and a valid value: E2, or checked just now.
    Copied::Event(unsafe { copy.assume_init() })
}

impl<E: RingEvent, D: Discipline> Ring<E, D> {
    /// Whether what was copied just now, from `sequence` on and published below `before`, is what was published there
    /// (R7); else the oldest sequence that is there.
    #[inline(always)]
    pub(crate) fn still_there(&self, sequence: u64, before: u64) -> Result<(), u64> {
        // Pairs with the fence of `Publisher::scan`: bytes of a later lap bring its published cursor along.
        fence(Ordering::Acquire);
        let after = self.published().load(Ordering::Relaxed).clamp(before, MAX_SEQUENCE);
        let oldest = self.oldest(after);
        if sequence < oldest { Err(oldest) } else { Ok(()) }
    }

    /// Where a lossy reader goes on that was overtaken: at the oldest sequence that is there. One that was overtaken
    /// again at once, `laps` times in a row, goes on so much nearer to the newest: at the oldest it would never get to
    /// read anything, because each event that is published takes the one from it.
    pub(crate) fn after_lap(&self, published: u64, laps: u32) -> u64 {
        let span = published - self.oldest(published);
        published - span.checked_shr(laps).unwrap_or(0)
    }
}
