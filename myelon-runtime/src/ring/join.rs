//! How a consumer joins a running stream without being overrun (R6).
//!
//! 1. read `p0 = published` and store a provisional cursor that is not above where the consumer will start,
//! 2. open the entry: it gates from here on, as [`Joining`](entry::State::Joining),
//! 3. run a sequentially consistent fence, and only then read `p = published`,
//! 4. store the cursor of the start and make the entry active.
//!
//! A scan of the producer that missed the entry ran its own fence before this one, so `p` is at least the
//! published cursor of that scan and its limit is at most `p + q`. A scan that saw the entry respects the
//! provisional cursor. So any start at or above `p + q - capacity` is safe from both.
//!
//! The provisional cursor itself is not: the producer may have passed it between steps 1 and 2. That is why an
//! entry is active only after step 4, and why only an active one may be adopted ([`kept`]), or a reserved one: that was never
//! provisional.

use super::entry::{self, Moved, Word};
use super::{Discipline, Ring};
use crate::event::RingEvent;
use crate::sync::{AtomicU64, Ordering, fence};

/// Where a consumer that attaches begins to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Start {
    /// At the first event that is published after attaching.
    Latest,
    /// At the oldest event that is certainly still in the ring.
    Oldest,
    /// Where the consumer with this id stopped.
    Resume,
    /// At this sequence.
    At(u64),
}

/// The wanted start is not to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Overwritten, or about to be.
    Gone { oldest: u64 },
    /// Not published yet.
    Ahead { published: u64 },
    /// The published cursor is not one that a producer of ours wrote.
    Implausible { published: u64 },
    /// The entry was not the caller's.
    Moved,
}

impl From<Moved> for Refused {
    fn from(Moved: Moved) -> Self {
        Self::Moved
    }
}

fn published<E: RingEvent, D: Discipline>(ring: &Ring<E, D>) -> Result<u64, Refused> {
    ring.plausible().map_err(|published| Refused::Implausible { published })
}

/// Step 1 for a claimed entry, which does not gate.
pub(crate) fn provisional<E: RingEvent, D: Discipline>(
    ring: &Ring<E, D>,
    cursor: &AtomicU64,
    start: Start,
) -> Result<(), Refused> {
    if let Some(at) = not_above(ring, start)? {
        // Ordered before the opening of the entry by the release there.
        cursor.store(at, Ordering::Relaxed);
    }
    Ok(())
}

/// A cursor that is not above where a consumer with this start will begin; `None` for the one that it has. It is a place to
/// begin at as well: if the caller dies before it knows better, its id comes back there if the ring still holds it.
fn not_above<E: RingEvent, D: Discipline>(ring: &Ring<E, D>, start: Start) -> Result<Option<u64>, Refused> {
    let p0 = published(ring)?;
    Ok(match start {
        Start::Latest => Some(p0),
        // Boundaries only rise: none is below the oldest, and new ones are above `p0`.
        Start::Oldest => Some(D::boundary(ring, ring.oldest(p0), p0)),
        // Its own cursor is where it will start. It stays as it is, even above `p0` (see `is_visible`).
        Start::Resume => None,
        Start::At(at) => Some(D::not_above(ring, at, p0)),
    })
}

/// Steps 2 to 4: opens the claimed entry and returns its word and where to read from; the cursor is there. `note` is told
/// before that, so that whoever sees an active entry finds noted where it began, and one whose caller died between the two
/// has noted a later place than it has, and never an earlier one: of what lies between nothing was lost to anybody.
///
/// `Start::Resume` here is the return of a consumer whose entry did not gate (detached, evicted) or never
/// became active: its own cursor. On refusal the entry is left joining, and gates, until the caller leaves it.
pub(crate) fn finish<E: RingEvent, D: Discipline>(
    ring: &Ring<E, D>,
    word: &AtomicU64,
    claimed: Word,
    cursor: &AtomicU64,
    start: Start,
    note: impl FnOnce(u64),
) -> (Result<Word, Moved>, Result<u64, Refused>) {
    let joining = match entry::open(word, claimed) {
        Ok(joining) => joining,
        Err(moved) => return (Err(moved), Err(moved.into())),
    };
    crate::sync::point!("join: open");
    // Pairs with the fence of `Publisher::scan` (R6).
    fence(Ordering::SeqCst);
    match decide(ring, cursor, start, note) {
        Ok(at) => (entry::activate(word, joining), Ok(at)),
        Err(refused) => (Ok(joining), Err(refused)),
    }
}

/// Moves a consumer that adopted its entry, which gates, to another start; `note` is as for [`finish`]. On refusal
/// everything is as it was.
///
/// The cursor may only sink meanwhile: from where it was or from below nothing is overwritten. It sinks after the
/// entry is `Joining`, because what lies at the lower cursor may be overwritten by what an earlier scan opened: if
/// the caller dies here, nobody may adopt that cursor. From there on it is as in [`finish`]: a scan that missed
/// the lower cursor ran its fence before this one.
pub(crate) fn relocate<E: RingEvent, D: Discipline>(
    ring: &Ring<E, D>,
    word: &AtomicU64,
    active: Word,
    cursor: &AtomicU64,
    start: Start,
    note: impl FnOnce(u64),
) -> (Result<Word, Moved>, Result<u64, Refused>) {
    let wanted = match not_above(ring, start) {
        Ok(wanted) => wanted,
        Err(refused) => return (Ok(active), Err(refused)),
    };
    let joining = match entry::open(word, active) {
        Ok(joining) => joining,
        Err(moved) => return (Err(moved), Err(moved.into())),
    };
    crate::sync::point!("relocate: open");
    let kept = cursor.load(Ordering::Relaxed);
    if let Some(at) = wanted {
        cursor.store(at.min(kept), Ordering::Relaxed);
    }
    crate::sync::point!("relocate: sunk");
    fence(Ordering::SeqCst);
    let decided = decide(ring, cursor, start, note);
    crate::sync::point!("relocate: decided");
    if decided.is_err() {
        cursor.store(kept, Ordering::Release);
    }
    crate::sync::point!("relocate: noted");
    (entry::activate(word, joining), decided)
}

/// Where a consumer reads on that adopted its active entry ([`entry::adopt`]): at its own cursor, which has
/// gated all the time. Refuses one that it cannot have left there.
pub(crate) fn kept<E: RingEvent, D: Discipline>(
    ring: &Ring<E, D>,
    cursor: &AtomicU64,
) -> Result<u64, Refused> {
    let p = published(ring)?;
    let at = cursor.load(Ordering::Acquire);
    if at > p && !is_visible(ring, p, at) {
        return Err(Refused::Ahead { published: p });
    }
    if p.saturating_sub(at) > ring.capacity() {
        return Err(Refused::Gone { oldest: ring.oldest(p) });
    }
    Ok(at)
}

/// Whether everything below `at` is visible although the published cursor says `p < at`. It may be behind the
/// stamps by one batch, for a moment while its producer lives and until its successor comes if it died (R9);
/// a consumer that read that far comes back with a cursor above it.
fn is_visible<E: RingEvent, D: Discipline>(ring: &Ring<E, D>, p: u64, at: u64) -> bool {
    // A larger stamp: the published cursor has moved on since `p` was read.
    D::STAMPED && at - p <= ring.quantum() && ring.stamped(at - 1) >= at
}

/// Whether `at` is published or next, and certainly still there, given the published cursor.
pub(super) fn is_in_the_ring<E: RingEvent, D: Discipline>(
    ring: &Ring<E, D>,
    p: u64,
    at: u64,
) -> Result<(), Refused> {
    if at > p && !is_visible(ring, p, at) {
        return Err(Refused::Ahead { published: p });
    }
    let oldest = ring.oldest(p);
    if at < oldest { Err(Refused::Gone { oldest }) } else { Ok(()) }
}

/// Whether a start is refused as things are now: to be asked before an entry, and what it remembers, is spent on it.
pub(crate) fn foresee<E: RingEvent, D: Discipline>(ring: &Ring<E, D>, start: Start) -> Result<(), Refused> {
    let p = published(ring)?;
    match start {
        Start::At(at) => D::foresee(ring, at, p),
        _ => Ok(()),
    }
}

fn decide<E: RingEvent, D: Discipline>(
    ring: &Ring<E, D>,
    cursor: &AtomicU64,
    start: Start,
    note: impl FnOnce(u64),
) -> Result<u64, Refused> {
    let p = published(ring)?;
    let at = match start {
        Start::Latest => p,
        Start::Oldest => D::boundary(ring, ring.oldest(p), p),
        Start::Resume => cursor.load(Ordering::Relaxed),
        Start::At(at) => D::place(ring, at, ring.oldest(p), p)?,
    };
    is_in_the_ring(ring, p, at)?;
    // What lies at `at` stays: the entry gates from there or below.
    note(at);
    crate::sync::point!("join: noted");
    // PAIR(end of reading): acquired in `gate::scan`.
    cursor.store(at, Ordering::Release);
    crate::sync::point!("join: placed");
    Ok(at)
}
