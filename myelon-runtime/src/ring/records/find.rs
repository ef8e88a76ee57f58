//! Finding a place in a ring of records: where one begins, and which message it is.
//!
//! Records can be walked in one direction only, and only from where one begins. Anchors name such places (M2); the
//! published cursor is one. Whoever walks holds the records where they are: by its own gating entry (R6), or because
//! it is the producer.

use super::{ANCHORS, Record, RecordRing, flag, write::shift};
use crate::ring::join::Refused;
use crate::sync::{AtomicU64, Ordering, fence};

/// How often one who holds nothing looks for a message before it does without knowing whether it is there.
const LOOKS: u32 = 4;

/// Between two messages, or inside of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The next message that begins.
    pub(crate) number: u64,
    /// The message whose beginning lies before.
    pub(crate) torso: Option<u64>,
}

impl Standing {
    const START: Self = Self { number: 0, torso: None };

    /// Before a record.
    pub(crate) fn before(record: &Record) -> Self {
        let number = record.header.number;
        if record.header.is(flag::CONTINUED) {
            Self { number: number.saturating_add(1), torso: Some(number) }
        } else {
            Self { number, torso: None }
        }
    }

    /// After a record.
    fn after(record: &Record) -> Self {
        let number = record.header.number;
        match (record.header.is(flag::PAD), record.header.is(flag::MORE)) {
            (true, _) => Self::before(record),
            (false, true) => Self { number: number.saturating_add(1), torso: Some(number) },
            (false, false) => Self { number: number.saturating_add(1), torso: None },
        }
    }
}

impl RecordRing {
    /// The anchor of an eighth of the ring.
    #[inline(always)]
    pub(crate) fn anchor(&self, eighth: u64) -> &AtomicU64 {
        let index = (eighth as usize) % ANCHORS;
        // SAFETY: `index < ANCHORS`, so by (1) of `Ring::new` the word is there.
        let word = unsafe { self.parts.anchors.add(index) };
        // SAFETY: by (1) and (2) of `Ring::new`.
        unsafe { word.as_ref() }
    }

    /// The anchors that name a place in the ring as it was when its published cursor was `published`.
    fn anchors(&self, published: u64) -> impl Iterator<Item = u64> {
        let shift = shift(self.capacity());
        (0..ANCHORS as u64).filter_map(move |index| {
            // PAIR(slot contents): the caller acquired `published`, which was released after.
            let at = self.anchor(index).load(Ordering::Relaxed);
            let belongs = (at >> shift) % ANCHORS as u64 == index;
            let inside = at <= published && published - at <= self.capacity();
            (belongs && inside).then_some(at)
        })
    }

    /// The first place at or above `from`, as far as is known, where a record begins: at most `published`.
    pub(crate) fn boundary(&self, from: u64, published: u64) -> u64 {
        self.anchors(published).filter(|at| *at >= from).min().unwrap_or(published)
    }

    /// Where a walk to `published` begins: the last place below it that an anchor names.
    fn before(&self, published: u64) -> Option<u64> {
        // One at it is of a run that was never published.
        self.anchors(published).filter(|at| *at < published).max()
    }

    /// What comes next at `at`, where a record begins, for one who holds nothing where it is; `None` if that could not be
    /// found out before it was written over.
    pub(crate) fn standing_at_a_glance(&self, at: u64) -> Option<Standing> {
        let published = self.plausible().ok()?;
        let from = if at < published { Some(at) } else { self.before(published) };
        let found = standing(self, at, published).ok()?;
        // All that was walked over was still there (R7); nothing was, at the start of the first run.
        self.still_there(from.unwrap_or(at), published).ok().map(|()| found)
    }

    /// Walks from `at`, where a record begins, to `end`; `each` may stop it.
    fn walk(&self, mut at: u64, end: u64, mut each: impl FnMut(u64, &Record) -> bool) -> Result<(), Refused> {
        while at < end {
            let record =
                Record::at(self, at, end - at).map_err(|_| Refused::Implausible { published: end })?;
            if !each(at, &record) {
                break;
            }
            at += record.units;
        }
        Ok(())
    }

    /// Where the message with this number begins, or would, at `from` or later: a record begins there, and the caller's
    /// entry gates from there or below.
    pub(crate) fn find(&self, number: u64, from: u64, published: u64) -> Result<u64, Refused> {
        let next = standing(self, published, published)?.number;
        if number > next {
            return Err(Refused::Ahead { published: next });
        }
        let mut first = None;
        let mut found = None;
        self.walk(from, published, |at, record| {
            if record.header.is(flag::PAD | flag::CONTINUED) {
                return true;
            }
            first.get_or_insert(record.header.number);
            if record.header.number >= number {
                found = Some((at, record.header.number));
                return false;
            }
            true
        })?;
        match found {
            Some((at, exact)) if exact == number => Ok(at),
            None if number == next => Ok(published),
            _ => Err(Refused::Gone { oldest: first.unwrap_or(next) }),
        }
    }

    /// Whether there is no place for the message with this number as things are now, as far as one can tell whose entry
    /// does not gate: what it walks through may be written over meanwhile, and then it looks again.
    pub(crate) fn foresee(&self, number: u64, mut published: u64) -> Result<(), Refused> {
        for _ in 0..LOOKS {
            let from = self.boundary(self.oldest(published), published);
            let found = self.find(number, from, published);
            // Pairs with the fence of `Publisher::scan`, as in `lossy::copy`.
            fence(Ordering::Acquire);
            let after = self.plausible().map_err(|published| Refused::Implausible { published })?;
            if self.oldest(after) <= from {
                return found.map(drop);
            }
            published = after;
        }
        Ok(())
    }

    /// The position behind the message `number`, at least `from`, where a record begins. For the producer, who knows that
    /// nobody writes meanwhile.
    pub(crate) fn end_of(&self, number: u64, from: u64, published: u64) -> u64 {
        let mut end = from;
        let walked = self.walk(from, published, |at, record| {
            if !record.header.is(flag::PAD) && record.header.number <= number {
                end = at + record.units;
            }
            record.header.number <= number
        });
        // Its own records are as they should be; else nothing is taken for released that may not be.
        if walked.is_ok() { end } else { published }
    }

    /// The number of the oldest message that is certainly still there, for people: nothing holds it.
    pub(crate) fn oldest_number(&self) -> u64 {
        let Ok(published) = self.plausible() else { return 0 };
        let at = self.boundary(self.oldest(published), published);
        if at == published {
            return standing(self, published, published).map_or(0, |standing| standing.number);
        }
        let header = self.header(at);
        if self.still_there(at, published).is_ok() { header.number } else { 0 }
    }
}

/// What comes next for a reader at `at`, whose entry gates from there. What lies before may be written over meanwhile; by
/// how far the published cursor has come then, the walk was through records that were still there (R7), or there is a
/// record at `at`, which stays.
pub(crate) fn standing_of_reader(ring: &RecordRing, at: u64) -> Result<Standing, Refused> {
    let published = ring.plausible().map_err(|published| Refused::Implausible { published })?;
    let found = standing(ring, at, published);
    if at < published {
        return found;
    }
    // Pairs with the fence of `Publisher::scan`, as in `Ring::still_there`.
    fence(Ordering::Acquire);
    let after = ring.plausible().map_err(|published| Refused::Implausible { published })?;
    if after == published { found } else { standing(ring, at, after) }
}

/// What comes next at `at`, where a record begins, given the published cursor.
pub(crate) fn standing(ring: &RecordRing, at: u64, published: u64) -> Result<Standing, Refused> {
    if at < published {
        let record =
            Record::at(ring, at, published - at).map_err(|_| Refused::Implausible { published: at })?;
        return Ok(Standing::before(&record));
    }
    // The last record before it tells.
    let Some(from) = ring.before(published) else {
        return if published == 0 { Ok(Standing::START) } else { Err(Refused::Implausible { published }) };
    };
    let mut standing = Standing::START;
    ring.walk(from, published, |_, record| {
        standing = Standing::after(record);
        true
    })?;
    Ok(standing)
}
