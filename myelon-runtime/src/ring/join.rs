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
//!
//! Who adopted an entry has more: it gated all the time, so everything from its own cursor on is there, however much older
//! than that bound. And records begin there: no cursor but those that step 4, a reader and the producer's reservation leave
//! is in an entry that may be adopted.

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
    /// At the oldest event that is certainly still in the ring: for an id whose place was kept, at the latest where it stopped.
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
    match decide(ring, cursor, start, None, note) {
        Ok(at) => (entry::activate(word, joining), Ok(at)),
        Err(refused) => (Ok(joining), Err(refused)),
    }
}

/// Moves a consumer that adopted its entry, which gates, to another start. On refusal everything is as it was. `note` is
/// told of a later place before that is stored, as in [`finish`], and of an earlier one once the entry is active there.
///
/// Forward it goes as a reader does: from its own cursor on all is there, and stays there while that rises. If the caller
/// dies on the way, its id comes back to where it stopped, or to where it wanted to be.
///
/// Back it goes as a newcomer does, through [`Joining`](entry::State::Joining). What lies at a lower cursor may be
/// overwritten by what an earlier scan opened, so the cursor sinks after the entry is that: if the caller dies here, nobody
/// may adopt that cursor. From there on it is as in [`finish`]: a scan that missed the lower cursor ran its fence before this
/// one. From where it stood before all is still there, so the caller notes that, and whoever finds the entry sets it back
/// ([`set_back`]).
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
    // One that nobody of ours can have left there is no place to rely on.
    let kept = self::kept(ring, cursor).ok();
    let before = cursor.load(Ordering::Relaxed);
    let lower = wanted.filter(|at| *at < before);
    if kept.is_some() && lower.is_none() {
        return (Ok(active), decide(ring, cursor, start, kept, note));
    }
    let joining = match entry::open(word, active) {
        Ok(joining) => joining,
        Err(moved) => return (Err(moved), Err(moved.into())),
    };
    crate::sync::point!("relocate: open");
    if let Some(at) = lower {
        cursor.store(at, Ordering::Relaxed);
    }
    crate::sync::point!("relocate: sunk");
    fence(Ordering::SeqCst);
    // One whose caller dies before it is active is set back to where it stood, unless it is further on by then: what is noted
    // has to be right for either.
    let mut note = Some(note);
    let decided = decide(ring, cursor, start, kept, |at| {
        if let Some(note) = note.take_if(|_| at > before) {
            note(at);
        }
    });
    crate::sync::point!("relocate: decided");
    if decided.is_err() {
        // PAIR(end of reading): acquired in `gate::scan`.
        cursor.store(before, Ordering::Release);
    }
    crate::sync::point!("relocate: settled");
    let activated = entry::activate(word, joining);
    crate::sync::point!("relocate: active");
    if let (Ok(_), Ok(at), Some(note)) = (activated, decided, note) {
        // What was noted before is later than what is there: it is not taken for a message that was lost.
        note(at);
        crate::sync::point!("relocate: noted");
    }
    (activated, decided)
}

/// Sets back to where it stood, at `kept`, an entry whose owner died in [`relocate`]. The caller holds its lock.
pub(crate) fn set_back(word: &AtomicU64, now: Word, cursor: &AtomicU64, kept: u64) -> Result<Word, Moved> {
    // It rises: nobody loses anything that was there before. PAIR(end of reading): acquired in `gate::scan`.
    cursor.store(kept, Ordering::Release);
    crate::sync::point!("set back: cursor");
    entry::activate(word, now)
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

/// Whether `at` is published or next, and not below the oldest that is certainly still there, given the published cursor.
pub(super) fn is_in_the_ring<E: RingEvent, D: Discipline>(
    ring: &Ring<E, D>,
    p: u64,
    at: u64,
    oldest: u64,
) -> Result<(), Refused> {
    if at > p && !is_visible(ring, p, at) {
        return Err(Refused::Ahead { published: p });
    }
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

/// Finds the start, notes and stores it. `kept` is where the caller stood when it adopted its entry, which gates from there, or
/// from below, ever since.
fn decide<E: RingEvent, D: Discipline>(
    ring: &Ring<E, D>,
    cursor: &AtomicU64,
    start: Start,
    kept: Option<u64>,
    note: impl FnOnce(u64),
) -> Result<u64, Refused> {
    let p = published(ring)?;
    let or_kept = |at: u64| kept.map_or(at, |kept| kept.min(at));
    let oldest = ring.oldest(p);
    let first = || or_kept(D::boundary(ring, oldest, p));
    let at = match start {
        Start::Latest => p,
        Start::Oldest => first(),
        Start::Resume => cursor.load(Ordering::Relaxed),
        Start::At(at) => D::place(ring, at, first(), p)?,
    };
    is_in_the_ring(ring, p, at, or_kept(oldest))?;
    // What lies at `at` stays: the entry gates from there or below. The note goes first, as with every message that is given
    // back: whoever dies in between stands where it stood, and has noted what it does not need there.
    note(at);
    crate::sync::point!("join: noted");
    // PAIR(end of reading): acquired in `gate::scan`.
    cursor.store(at, Ordering::Release);
    crate::sync::point!("join: placed");
    Ok(at)
}
