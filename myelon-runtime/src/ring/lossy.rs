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
    ring.cell(sequence).copy_racing(&mut copy);
    // Pairs with the fence of `Publisher::scan`: bytes of a later lap bring its published cursor along.
    fence(Ordering::Acquire);
    let after = ring.published().load(Ordering::Relaxed).clamp(before, MAX_SEQUENCE);
    if sequence < ring.oldest(after) {
        return Copied::Lapped { oldest: ring.oldest(after) };
    }
    // SAFETY: (1) private memory, aligned, and every byte was written by the copy; whole by R7.
    if E::CHECKED && !unsafe { E::is_valid(copy.as_ptr()) } {
        return Copied::Invalid;
    }
    // SAFETY: whole (R7, above), and a valid value: E2, or checked just now.
    Copied::Event(unsafe { copy.assume_init() })
}
