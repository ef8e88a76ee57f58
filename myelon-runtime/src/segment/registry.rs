//! Which entry of the registry a consumer gets, and where it begins to read (L3, L4, L6, R6).
//!
//! The caller holds the lock of the id, so nobody else acts for that id: an entry that knows it belongs to a
//! former incarnation, which is dead or has left. What is done to an entry is done under its lock.
//!
//! | the entry that knows the id is | and no start, or `Resume`, is asked for | another start is asked for |
//! |---|---|---|
//! | active, or reserved | goes on at its cursor; it never stopped gating | adopted, then moved (R6): all from its cursor on is there |
//! | of one who died on its way from its place to an older event | set back there first, then as above | the same |
//! | detached, or of another who died while joining | goes on if still in the ring, else `Evicted` | as new |
//! | evicted | `Evicted`, so that what was missed is told | as new |
//!
//! A new id takes the first of: a free entry, one whose owner died while joining, an evicted one, a detached one (the longest
//! away), a dead active one (the furthest behind) if the producer's policy lets such go and does not require it.

use core::time::Duration;

use super::error::AttachError;
use super::page::{ConsumerId, ConsumerPage};
use super::segment::Mapped;
use crate::event::RingEvent;
use crate::lifecycle::{LifecycleCause, LifecycleEvent, Whom};
use crate::liveness::OnConsumerDeath;
use crate::location::Location;
use crate::os::lock::{LockByte, try_lock, unlock};
use crate::ring::entry::{self, Moved, State, Word};
use crate::ring::join::{self, Refused, Start};
use crate::ring::{Discipline, OPEN, Ring};
use crate::sync::{AtomicU64, Ordering, fence};
use crate::wait::pause;

/// How often an entry that somebody else holds for a moment is tried again, this far apart.
const TRIES: u32 = 200;
/// And how often a registry without an entry to be had.
pub(super) const TRIES_WHEN_FULL: u32 = 40;
pub(super) const PAUSE: Duration = Duration::from_micros(500);

/// One consumer on its way into a segment.
pub(super) struct Joining<'a, E, D> {
    location: &'a Location,
    id: &'a ConsumerId,
    start: Option<Start>,
    mapped: &'a Mapped,
    ring: Ring<E, D>,
}

/// What became of it.
pub(super) enum Verdict {
    In {
        entry: u32,
        start: u64,
        /// Where the same id stopped.
        resumed: bool,
    },
    /// The channel was closed, and there is nothing left in it for this id.
    Closed,
}

/// An entry whose lock is held.
#[derive(Clone, Copy)]
struct Entry<'a> {
    index: u32,
    word: &'a AtomicU64,
    page: &'a ConsumerPage,
    /// What the word said under the lock.
    now: Word,
}

impl Entry<'_> {
    fn kept(&self) -> Option<u64> {
        kept(self.now, self.page)
    }
}

enum Search<'a> {
    Found(Entry<'a>),
    /// Somebody else holds its lock at the moment.
    Busy,
    Nowhere,
}

impl<'a, E: RingEvent, D: Discipline> Joining<'a, E, D> {
    /// # Safety
    /// 1. The segment was made for these events and this discipline ([`Contract::agrees`](super::Contract)).
    pub(super) unsafe fn new(
        location: &'a Location,
        id: &'a ConsumerId,
        start: Option<Start>,
        mapped: &'a Mapped,
    ) -> Self {
        // SAFETY: (1, 3) by S1 and S2, and by (1) here the stride is the discipline's; (2) it is used no longer
        // than `mapped` lives (S4).
        let ring = unsafe { Ring::new(mapped.parts) };
        Self { location, id, start, mapped, ring }
    }

    /// Finds an entry and joins through it. On an error the locks go with the caller's description.
    pub(super) fn join(&self) -> Result<Verdict, AttachError> {
        let mut full = 0;
        for _ in 0..TRIES {
            match self.known()? {
                Search::Found(entry) => return self.come_back(entry),
                Search::Busy => pause(PAUSE),
                Search::Nowhere if self.mapped.is_closed() => return Ok(Verdict::Closed),
                Search::Nowhere if self.start == Some(Start::Resume) => {
                    return Err(AttachError::NotKnown { id: self.id.to_string() });
                }
                Search::Nowhere => {
                    if let Some(entry) = self.pick()? {
                        return self.enter(entry, self.start.unwrap_or(Start::Latest));
                    }
                    // One who just left, and a producer that lets a dead one go, hold an entry's lock for a moment.
                    full += 1;
                    if full == TRIES_WHEN_FULL {
                        let max_consumers = self.mapped.view.geometry().shape.max_consumers;
                        return Err(AttachError::NoFreeEntry { max_consumers });
                    }
                    pause(PAUSE);
                }
            }
        }
        Err(AttachError::Contended { location: self.location.to_string() })
    }

    /// The process that holds the id, as far as its page tells.
    pub(super) fn pid_of_id(&self) -> Option<u32> {
        self.entries().find(|(_, _, page)| page.id().as_ref() == Some(self.id))?.2.identity().read().pid
    }

    fn entries(&self) -> impl Iterator<Item = (u32, &'a AtomicU64, &'a ConsumerPage)> + use<'a, E, D> {
        let view = &self.mapped.view;
        (0..view.geometry().shape.max_consumers)
            .filter_map(|index| Some((index, view.entry(index)?, view.consumer(index)?)))
    }

    fn os(&self, what: &'static str) -> impl Fn(std::io::Error) -> AttachError {
        move |source| AttachError::Os { location: self.location.to_string(), what, source }
    }

    /// Locks an entry and looks at it again (L3, L6). `None` if it is held, or not what was expected any more.
    fn lock(
        &self,
        (index, word, page): (u32, &'a AtomicU64, &'a ConsumerPage),
        expected: impl Fn(Word, &ConsumerPage) -> bool,
    ) -> Result<Option<Entry<'a>>, AttachError> {
        let byte = LockByte::Entry(index);
        if !try_lock(self.mapped.view.file(), byte).map_err(self.os("lock an entry of"))? {
            return Ok(None);
        }
        crate::sync::point!("entry: locked");
        fence(Ordering::Acquire);
        match entry::read(word) {
            Some(now) if expected(now, page) => Ok(Some(Entry { index, word, page, now })),
            _ => {
                unlock(self.mapped.view.file(), byte).map_err(self.os("unlock an entry of"))?;
                Ok(None)
            }
        }
    }

    /// The entry that remembers this id.
    fn known(&self) -> Result<Search<'a>, AttachError> {
        let remembers =
            |now: Word, page: &ConsumerPage| now.state != State::Free && page.id().as_ref() == Some(self.id);
        let mut found = Search::Nowhere;
        for candidate in self.entries() {
            if !entry::read(candidate.1).is_some_and(|now| remembers(now, candidate.2)) {
                continue;
            }
            match self.lock(candidate, remembers)? {
                Some(entry) => return Ok(Search::Found(entry)),
                None => found = Search::Busy,
            }
        }
        Ok(found)
    }

    /// An entry for an id that none remembers.
    fn pick(&self) -> Result<Option<Entry<'a>>, AttachError> {
        let policy = OnConsumerDeath::decode(self.mapped.producer.death_policy());
        let view = &self.mapped.view;
        let rank = |now: Word, page: &ConsumerPage| {
            let is_required = || page.id().is_some_and(|id| view.required(&id).is_some());
            rank(now, page, policy, matches!(now.state, State::Active | State::Joining) && is_required())
        };
        let mut candidates: Vec<_> = self
            .entries()
            .filter_map(|candidate| Some((rank(entry::read(candidate.1)?, candidate.2)?, candidate)))
            .collect();
        candidates.sort_by_key(|(rank, (index, ..))| (*rank, *index));
        for ((class, _), candidate) in candidates {
            let same = |now, page: &_| rank(now, page).is_some_and(|(now, _)| now == class);
            if let Some(entry) = self.lock(candidate, same)? {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// Joins through the entry of a former incarnation.
    fn come_back(&self, entry: Entry<'a>) -> Result<Verdict, AttachError> {
        let entry = self.set_back(entry)?;
        let resumes = matches!(self.start, None | Some(Start::Resume));
        let at = entry.page.cursor().load(Ordering::Acquire);
        // PAIR(closed): released in `Publisher::close`.
        let closed_at = self.mapped.producer.closed_at().load(Ordering::Acquire);
        match (entry.now.state, resumes) {
            (State::Evicted, true) => Err(self.evicted(entry, at)),
            (State::Evicted, false) if closed_at != OPEN => Ok(Verdict::Closed),
            _ if closed_at != OPEN && at >= closed_at => self.forget(entry),
            (State::Active | State::Reserved, true) => self.resume(entry),
            (State::Active | State::Reserved, false) => {
                self.move_to(entry, self.start.unwrap_or(Start::Latest))
            }
            (_, true) => self.enter(entry, Start::Resume),
            (_, false) => self.enter(entry, self.start.unwrap_or(Start::Latest)),
        }
    }

    /// Undoes what one did to an entry, that gated, who died on its way to another place.
    fn set_back(&self, entry: Entry<'a>) -> Result<Entry<'a>, AttachError> {
        let Some(kept) = entry.kept() else { return Ok(entry) };
        self.own(entry.index)?;
        let now = join::set_back(entry.word, entry.now, entry.page.cursor(), kept);
        Ok(Entry { now: now.map_err(|Moved| self.contended())?, ..entry })
    }

    /// It has read everything of a closed channel: nothing is left to come back to.
    fn forget(&self, entry: Entry<'a>) -> Result<Verdict, AttachError> {
        self.own(entry.index)?;
        // Nobody else changes it while the lock is held; if somebody did, it is not ours to forget.
        if entry::leave(entry.word, entry.now, State::Free).is_ok() {
            crate::sync::point!("forget: free");
            entry.page.forget_id();
        }
        Ok(Verdict::Closed)
    }

    /// Goes on in an active or reserved entry. It gated all the time, so its cursor is where it was (R2, R8). One that was
    /// required before it ever came begins there.
    fn resume(&self, entry: Entry<'a>) -> Result<Verdict, AttachError> {
        let at = join::kept(&self.ring, entry.page.cursor())
            .map_err(|refused| self.own_refused(entry, refused))?;
        self.own(entry.index)?;
        let resumed = entry.now.state == State::Active || entry.page.left_at() != 0;
        self.note_start(entry.page, at, resumed);
        crate::sync::point!("resume: start");
        entry::adopt(entry.word, entry.now).map_err(|Moved| self.contended())?;
        crate::sync::point!("resume: adopted");
        self.note_death(entry);
        crate::sync::point!("resume: recorded");
        entry.page.enter(self.id);
        crate::sync::point!("resume: entered");
        Ok(Verdict::In { entry: entry.index, start: at, resumed })
    }

    /// Goes on in such an entry, but elsewhere. If that cannot be, the entry stays as it is.
    fn move_to(&self, entry: Entry<'a>, start: Start) -> Result<Verdict, AttachError> {
        self.own(entry.index)?;
        self.note_death(entry);
        crate::sync::point!("move: recorded");
        let Entry { index, word, page, now } = entry;
        let adopted = entry::adopt(word, now).map_err(|Moved| self.contended())?;
        crate::sync::point!("move: adopted");
        page.set_kept(join::kept(&self.ring, page.cursor()).ok());
        crate::sync::point!("move: kept");
        let note = |at| self.note_start(page, at, false);
        let (moved, decided) = join::relocate(&self.ring, word, adopted, page.cursor(), start, note);
        let moved = moved.map_err(|Moved| self.contended())?;
        let at = decided.map_err(|refused| {
            if now.state == State::Reserved {
                // Nobody was in it, and nobody is: that is no death.
                let _ = entry::reserve(word, moved);
            }
            self.refused(refused, start)
        })?;
        crate::sync::point!("move: placed");
        page.enter(self.id);
        crate::sync::point!("move: entered");
        Ok(Verdict::In { entry: index, start: at, resumed: false })
    }

    /// Joins through an entry that nobody comes back to as it is; a dead owner is let go here (R8: its lock is
    /// held, so it is dead).
    fn enter(&self, entry: Entry<'a>, start: Start) -> Result<Verdict, AttachError> {
        let Entry { index, word, page, now } = entry;
        // What the entry remembers, of this id or of another, is not to be lost for a start that is not to be had.
        join::foresee(&self.ring, start).map_err(|refused| self.refused(refused, start))?;
        self.own(index)?;
        if now.state == State::Active || entry.kept().is_some() {
            self.note_evicted(LifecycleCause::EntryNeeded, entry);
            crate::sync::point!("enter: recorded");
        }
        let at = page.cursor().load(Ordering::Relaxed);
        let ours = page.id().as_ref() == Some(self.id);
        let stopped = ours.then(|| Stopped { at, message: page.message().load(Ordering::Relaxed) });
        let claimed = entry::claim(word, now).map_err(|Moved| self.contended())?;
        crate::sync::point!("enter: claimed");
        page.set_kept(None);
        crate::sync::point!("enter: unkept");
        if start != Start::Resume {
            // Until the page is whole, nobody may take its cursor for a memory of this id, or of the last one.
            page.forget_id();
            crate::sync::point!("enter: forgotten");
        }
        if let Err(refused) = join::provisional(&self.ring, page.cursor(), start) {
            self.put_back(entry, claimed, stopped);
            return Err(self.refused(refused, start));
        }
        crate::sync::point!("enter: provisional");
        if start != Start::Resume {
            // Should this process die before it knows better, its id comes back there: nothing before is its business. What
            // lies there may be written over meanwhile; but then that is no place to come back to.
            self.note_start(page, page.cursor().load(Ordering::Relaxed), false);
            crate::sync::point!("enter: start");
        }
        page.enter(self.id);
        crate::sync::point!("enter: page");
        let note = |at| self.note_start(page, at, start == Start::Resume);
        let (moved, decided) = join::finish(&self.ring, word, claimed, page.cursor(), start, note);
        let last = moved.map_err(|Moved| self.contended())?;
        crate::sync::point!("enter: joined");
        match decided {
            Ok(at) => Ok(Verdict::In { entry: index, start: at, resumed: start == Start::Resume }),
            Err(refused) if start == Start::Resume => {
                // Remembered as evicted, so that what was missed is told until another start is asked for.
                let _ = entry::leave(word, last, State::Evicted);
                crate::sync::point!("enter: evicted");
                self.note_evicted(LifecycleCause::Overwritten, entry);
                Err(match refused {
                    Refused::Gone { .. } => self.evicted(entry, at),
                    other => self.own_refused(entry, other),
                })
            }
            Err(refused) => {
                self.put_back(entry, last, stopped);
                Err(self.refused(refused, start))
            }
        }
    }

    /// Notes where this incarnation begins to read, for counters. At which message one stopped that resumes, its page tells.
    fn note_start(&self, page: &ConsumerPage, at: u64, resumes: bool) {
        page.set_start(at);
        crate::sync::point!("start: place");
        if !resumes {
            if let Some(number) = D::number(&self.ring, at) {
                page.message().store(number, Ordering::Relaxed);
                crate::sync::point!("start: message");
            }
        }
        page.first_message().store(page.message().load(Ordering::Relaxed), Ordering::Relaxed);
    }

    /// Gives back an entry that was claimed for a start which is not to be had after all. Where this id stopped, if
    /// the entry told, it tells again.
    fn put_back(&self, entry: Entry<'a>, last: Word, stopped: Option<Stopped>) {
        let Entry { word, page, now, .. } = entry;
        match (now.state, stopped) {
            (state @ (State::Detached | State::Evicted), Some(Stopped { at, message })) => {
                // As in `enter`: until it is whole, nobody may take it for a memory.
                page.forget_id();
                crate::sync::point!("put back: forgotten");
                page.message().store(message, Ordering::Relaxed);
                crate::sync::point!("put back: noted");
                // PAIR(end of reading): acquired in `gate::scan`.
                page.cursor().store(at, Ordering::Release);
                crate::sync::point!("put back: cursor");
                page.enter(self.id);
                crate::sync::point!("put back: page");
                page.note_leaving();
                crate::sync::point!("put back: left");
                let _ = entry::leave(word, last, state);
            }
            _ => {
                if entry::leave(word, last, State::Free).is_ok() {
                    crate::sync::point!("put back: free");
                    page.forget_id();
                }
            }
        }
    }

    /// Notes in an entry's page, which is this process's by its lock, that the one it tells of was let go.
    fn note_evicted(&self, cause: LifecycleCause, entry: Entry<'_>) {
        let (view, whom) = (&self.mapped.view, Whom::Entry(entry.index));
        view.note(whom, view.describe(LifecycleEvent::Evicted.by(cause), whom));
    }

    /// The same of the death of a former incarnation that was active: its lock could not be had otherwise.
    fn note_death(&self, entry: Entry<'_>) {
        let whom = Whom::Entry(entry.index);
        if entry.now.state == State::Active {
            self.mapped.view.note_once(whom, LifecycleEvent::Died, whom);
        }
    }

    /// Why a consumer's own cursor will not do.
    fn own_refused(&self, entry: Entry<'a>, refused: Refused) -> AttachError {
        match refused {
            Refused::Gone { .. } | Refused::Ahead { .. } => {
                self.implausible("this consumer's cursor", entry.page.cursor().load(Ordering::Relaxed))
            }
            other => self.refused(other, Start::Resume),
        }
    }

    fn own(&self, index: u32) -> Result<(), AttachError> {
        self.mapped.view.own_consumer(index).map_err(self.os("map"))
    }

    fn evicted(&self, Entry { index, page, .. }: Entry<'_>, cursor: u64) -> AttachError {
        let at = D::sequence(cursor, page.message().load(Ordering::Relaxed));
        let missed = D::oldest(&self.ring).saturating_sub(at);
        AttachError::Evicted { id: self.id.to_string(), at, missed, last: self.mapped.view.last_of(index) }
    }

    fn refused(&self, refused: Refused, start: Start) -> AttachError {
        let at = if let Start::At(at) = start { at } else { 0 };
        match refused {
            Refused::Gone { oldest } => AttachError::Gone { at, missed: oldest.saturating_sub(at), oldest },
            Refused::Ahead { published } => AttachError::Ahead { at, published },
            Refused::Implausible { published } => self.implausible("the published cursor", published),
            Refused::Moved => self.contended(),
        }
    }

    fn implausible(&self, what: &'static str, found: u64) -> AttachError {
        AttachError::Implausible { location: self.location.to_string(), what, found }
    }

    fn contended(&self) -> AttachError {
        AttachError::Contended { location: self.location.to_string() }
    }
}

/// Where the entry gated from, of one that died on its way from there to an older event.
pub(super) fn kept(now: Word, page: &ConsumerPage) -> Option<u64> {
    if now.state == State::Joining { page.kept() } else { None }
}

/// Where an id stopped, as its page tells.
#[derive(Clone, Copy)]
struct Stopped {
    at: u64,
    /// Of a channel of messages: the one that it noted.
    message: u64,
}

/// In which order entries are taken for an id that none remembers; `None` for one that is not to be had.
pub(super) fn rank(
    now: Word,
    page: &ConsumerPage,
    policy: OnConsumerDeath,
    is_required: bool,
) -> Option<(u8, u64)> {
    // One that can be set back is one that gates.
    let state = if kept(now, page).is_some() { State::Active } else { now.state };
    match state {
        State::Free => Some((0, 0)),
        State::Claiming | State::Joining => Some((1, 0)),
        State::Evicted => Some((2, 0)),
        State::Detached => Some((3, page.left_at())),
        State::Active if policy == OnConsumerDeath::Evict && !is_required => {
            Some((4, page.cursor().load(Ordering::Relaxed)))
        }
        State::Active | State::Reserved => None,
    }
}
