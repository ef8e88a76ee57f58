//! The places of required consumers: reserved before anything is published, kept while nobody is in them.
//!
//! A producer says whom it requires in rows of its own pages ([`Terms`]), and then makes sure that each
//! of them has a place. In a new segment it does so before the file has its name, so nothing is published that they do not
//! get. Where it takes over, it does so before it publishes: one that had a place keeps it, one that left goes on where it
//! stopped if that is still in the ring, all others get what is published from then on. One that was let go learns what it
//! missed when it comes back, and is waited for again from then on.
//!
//! A place is reserved under the lock of the id, so that nobody is joining with it, and that of the entry (L3). With the latter
//! the producer may write to the entry's page (S5).
//!
//! Who leaves looks whether it is required, leaves, and looks again; who requires says so and then looks at the entry. So one
//! of the two sees the other, and a place is neither lost nor kept for nobody.

use std::io;

use super::error::CreateError;
use super::opened::lock_patiently;
use super::page::{ConsumerId, ConsumerPage, Terms};
use super::registry::{PAUSE, TRIES_WHEN_FULL, kept, rank};
use super::segment::Segment;
use crate::lifecycle::LifecycleCause;
use crate::liveness::{Lost, OnConsumerDeath, Required};
use crate::os::lock::{LockByte, try_lock, unlock};
use crate::ring::OPEN;
use crate::ring::entry::{self, State, Word};
use crate::ring::join;
use crate::sync::{AtomicU64, Ordering, fence};
use crate::wait::pause;

/// A consumer without which the producer does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequiredConsumer {
    pub(crate) id: ConsumerId,
    pub(crate) policy: Required,
}

/// An entry whose lock this process holds, to undo what was done to it.
struct Held {
    index: u32,
    /// What it was before it was reserved; `None` if it is as it was.
    reserved: Option<Word>,
}

/// From where on a place may be reserved.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    pub(crate) published: u64,
    /// The oldest event that is certainly still in the ring.
    pub(crate) oldest: u64,
    /// Of a channel of messages: the number of the next one.
    pub(crate) message: u64,
}

impl Segment {
    /// Says whom this producer requires, and sees to it that they have places. Before it publishes anything, with the
    /// published cursor repaired.
    ///
    /// # Errors
    /// [`CreateError::NoPlace`] if there is no entry for one of them; then whom it required before is required again. An
    /// entry that was taken meanwhile for another one of them has forgotten whose it was.
    pub(crate) fn require(&self, required: &[RequiredConsumer], span: Span) -> Result<(), CreateError> {
        let before: Vec<RequiredConsumer> = self.required().collect();
        self.say_required(required);
        crate::sync::point!("require: said");
        // Pairs with the fence of `leave`.
        fence(Ordering::SeqCst);
        let mut held = Vec::new();
        let done = required.iter().try_for_each(|one| {
            held.extend(self.see_to(one, required, span)?);
            crate::sync::point!("require: one seen to");
            Ok(())
        });
        if done.is_err() {
            for entry in &held {
                self.undo(entry);
            }
            crate::sync::point!("require: undone");
            self.say_required(&before);
        } else {
            self.release_others();
        }
        crate::sync::point!("require: seen to");
        for Held { index, .. } in held {
            // What cannot be unlocked goes with this process.
            let _ = unlock(self.view.file(), LockByte::Entry(index));
        }
        done
    }

    /// Whom the producer requires.
    pub(crate) fn required(&self) -> impl Iterator<Item = RequiredConsumer> {
        self.view.terms().filter_map(Terms::read).map(|(id, policy)| RequiredConsumer { id, policy })
    }

    /// Why the stream ended, if not because its producer was done. For those who saw that it is closed.
    pub(crate) fn close_reason(&self) -> Option<Lost> {
        self.view.reason()?.read()
    }

    /// Says why the stream is about to be closed.
    pub(crate) fn note_reason(&self, lost: &Lost) {
        if let Some(reason) = self.view.reason() {
            reason.write(lost);
        }
    }

    /// A former producer may have died between saying that and closing the stream, which goes on now.
    pub(super) fn forget_reason(&self) {
        if let Some(reason) = self.view.reason() {
            reason.clear();
        }
    }

    fn say_required(&self, required: &[RequiredConsumer]) {
        // A row that stays somebody's is never anybody else's in between.
        let is_known = |id: &ConsumerId| required.iter().any(|one| one.id == *id);
        for row in self.view.terms() {
            if row.read().is_none_or(|(id, _)| !is_known(&id)) {
                row.clear();
                crate::sync::point!("require: cleared");
            }
        }
        for RequiredConsumer { id, policy } in required {
            let own = self.view.terms().find(|row| row.read().is_some_and(|(known, _)| known == *id));
            if let Some(row) = own.or_else(|| self.view.terms().find(|row| row.read().is_none())) {
                row.write(id, policy);
                crate::sync::point!("require: row");
            }
        }
    }

    fn entries(&self) -> impl Iterator<Item = (u32, &AtomicU64, &ConsumerPage)> {
        let view = &self.view;
        (0..view.geometry().shape.max_consumers)
            .filter_map(|index| Some((index, view.entry(index)?, view.consumer(index)?)))
    }

    fn os(&self, what: &'static str) -> impl Fn(io::Error) -> CreateError {
        move |source| CreateError::Os { location: self.location().to_string(), what, source }
    }

    /// Makes sure that a required consumer has a place; returns the entry that was locked for that.
    fn see_to(
        &self,
        one: &RequiredConsumer,
        required: &[RequiredConsumer],
        span: Span,
    ) -> Result<Option<Held>, CreateError> {
        let byte = LockByte::Id(one.id.hash());
        for _ in 0..TRIES_WHEN_FULL {
            let nobody = lock_patiently(self.view.file(), byte).map_err(self.os("lock"))?;
            crate::sync::point!("require: id locked");
            let known = self.entries().find_map(|(index, word, page)| {
                let now = entry::read(word).filter(|now| now.state != State::Free)?;
                (page.id().as_ref() == Some(&one.id)).then_some((index, now.state))
            });
            let done = match known {
                Some((_, State::Active | State::Reserved | State::Evicted)) => Ok(Some(None)),
                Some((index, _)) if nobody => {
                    self.reserve(index, one, span, |_, _| false).map(|done| done.map(Some))
                }
                None if nobody => self.reserve_any(one, required, span).map(|done| done.map(Some)),
                // Somebody is joining, or leaving, with that id.
                Some(_) | None => Ok(None),
            };
            if nobody {
                crate::sync::point!("require: placed");
                unlock(self.view.file(), byte).map_err(self.os("unlock"))?;
                crate::sync::point!("require: id unlocked");
            }
            if let Some(held) = done? {
                return Ok(held);
            }
            pause(PAUSE);
        }
        if lock_patiently(self.view.file(), byte).map_err(self.os("lock"))? {
            unlock(self.view.file(), byte).map_err(self.os("unlock"))?;
            let max_consumers = self.view.geometry().shape.max_consumers;
            return Err(CreateError::NoPlace { id: one.id.to_string(), max_consumers });
        }
        // A process of that id is stopped on its way in or out. As soon as it goes on it sees that it is required.
        Ok(None)
    }

    /// Reserves an entry that is to be had, the one that is missed least.
    fn reserve_any(
        &self,
        one: &RequiredConsumer,
        required: &[RequiredConsumer],
        span: Span,
    ) -> Result<Option<Held>, CreateError> {
        let policy = self.policy.unwrap_or(OnConsumerDeath::HoldForever);
        let is_required =
            |page: &ConsumerPage| page.id().is_some_and(|id| required.iter().any(|one| one.id == id));
        let rank = |now, page: &ConsumerPage| rank(now, page, policy, is_required(page));
        let mut candidates: Vec<_> = self
            .entries()
            .filter_map(|(index, word, page)| Some((rank(entry::read(word)?, page)?, index)))
            .collect();
        candidates.sort_unstable();
        for (_, index) in candidates {
            if let Some(held) = self.reserve(index, one, span, |now, page| rank(now, page).is_some())? {
                return Ok(Some(held));
            }
        }
        Ok(None)
    }

    /// Reserves an entry under its lock, which is kept; `None` if somebody has it, or if it remembers another id that
    /// `may_go` does not give away.
    fn reserve(
        &self,
        index: u32,
        one: &RequiredConsumer,
        span: Span,
        may_go: impl Fn(Word, &ConsumerPage) -> bool,
    ) -> Result<Option<Held>, CreateError> {
        let (Some(word), Some(page)) = (self.view.entry(index), self.view.consumer(index)) else {
            return Ok(None);
        };
        if !try_lock(self.view.file(), LockByte::Entry(index)).map_err(self.os("lock an entry of"))? {
            return Ok(None);
        }
        crate::sync::point!("require: locked");
        // L6: it is decided by what is there under the lock.
        fence(Ordering::Acquire);
        let Some(now) = entry::read(word) else {
            unlock(self.view.file(), LockByte::Entry(index)).map_err(self.os("unlock an entry of"))?;
            return Ok(None);
        };
        let own = page.id().as_ref() == Some(&one.id);
        let at = page.cursor().load(Ordering::Acquire);
        let done = match now.state {
            State::Detached if own && at >= span.oldest && at <= span.published => {
                entry::reserve(word, now).is_ok()
            }
            // What it would read next is overwritten: it is told when it comes.
            State::Detached if own => {
                entry::evict(word, now).is_ok() && self.note_evicted(index, LifecycleCause::Overwritten)
            }
            State::Active | State::Reserved | State::Evicted if own => true,
            State::Joining if own && page.kept().is_some() => {
                self.set_back(index, now).map_err(self.os("map"))?
            }
            State::Reserved => false,
            _ if own || may_go(now, page) => self.put(index, now, &one.id, span).map_err(self.os("map"))?,
            _ => false,
        };
        crate::sync::point!("require: reserved");
        if !done {
            unlock(self.view.file(), LockByte::Entry(index)).map_err(self.os("unlock an entry of"))?;
            return Ok(None);
        }
        let reserved = (!own && now.state != State::Reserved).then_some(now);
        Ok(Some(Held { index, reserved }))
    }

    /// Makes an entry, whose lock this process holds, the place of `id` from what is published next on. False if somebody changed it.
    fn put(&self, index: u32, now: Word, id: &ConsumerId, span: Span) -> io::Result<bool> {
        let (Some(word), Some(page)) = (self.view.entry(index), self.view.consumer(index)) else {
            return Ok(false);
        };
        let Ok(claimed) = entry::claim(word, now) else { return Ok(false) };
        crate::sync::point!("place: claimed");
        if now.state == State::Active || kept(now, page).is_some() {
            self.note_evicted(index, LifecycleCause::EntryNeeded);
            crate::sync::point!("place: noted");
        }
        self.view.own_consumer(index)?;
        // Until the page is whole, nobody may take its cursor for a memory of this id, or of the last one.
        page.forget_id();
        crate::sync::point!("place: forgotten");
        page.cursor().store(span.published, Ordering::Relaxed);
        crate::sync::point!("place: cursor");
        page.message().store(span.message, Ordering::Relaxed);
        crate::sync::point!("place: message");
        page.reserve(id);
        crate::sync::point!("place: whole");
        let done = entry::reserve(word, claimed).is_ok();
        crate::sync::point!("place: reserved");
        self.view.disown_consumer(index)?;
        Ok(done)
    }

    fn undo(&self, entry: &Held) {
        let (Some(_), Some(word)) = (entry.reserved, self.view.entry(entry.index)) else { return };
        if let Some(now) = entry::read(word).filter(|now| now.state == State::Reserved) {
            let _ = entry::leave(word, now, State::Free);
        }
    }

    /// Places that are kept for nobody: those of whom a former producer required, and this one does not.
    fn release_others(&self) {
        for (index, word, _) in self.entries() {
            if entry::read(word).is_some_and(|now| now.state == State::Reserved) {
                let _ = self.release(index);
            }
        }
    }

    /// Stops waiting for one that is not attached and not required. Where it stopped is remembered, if it ever came. False if
    /// somebody is attached there, or required.
    pub(crate) fn release(&self, index: u32) -> io::Result<bool> {
        let left = self.view.consumer(index).is_some_and(|page| page.left_at() != 0);
        let to = if left { State::Detached } else { State::Free };
        self.with_entry(index, |word, now| {
            let unwanted = now.state == State::Reserved && !self.view.is_required(index);
            unwanted && entry::leave(word, now, to).is_ok()
        })
    }

    /// Sets an entry, whose lock this process holds, back to where it gated from. False if that is not known.
    fn set_back(&self, index: u32, now: Word) -> io::Result<bool> {
        let (Some(word), Some(page)) = (self.view.entry(index), self.view.consumer(index)) else {
            return Ok(false);
        };
        let Some(kept) = kept(now, page) else { return Ok(false) };
        self.view.own_consumer(index)?;
        let done = join::set_back(word, now, page.cursor(), kept).is_ok();
        self.view.disown_consumer(index)?;
        Ok(done)
    }

    /// Lets one go that died before it was told where it starts. If it had a place before, it has that again, and is as one
    /// that died there; else, if it is required, it has a place from `published` on.
    pub(super) fn unseat(&self, index: u32, word: &AtomicU64, now: Word, published: u64) -> bool {
        if self.view.consumer(index).is_some_and(|page| kept(now, page).is_some()) {
            return self.set_back(index, now).unwrap_or(false);
        }
        let id = self.view.consumer(index).and_then(ConsumerPage::id);
        // Its producer may be in the middle of a message, which it does not count yet and which nobody is owed who begins
        // here. Which one comes next, whoever comes finds out.
        let message = self.messages().saturating_add(1);
        match id.filter(|id| self.view.required(id).is_some()) {
            Some(id) => {
                let span = Span { published, oldest: published, message };
                self.put_again(index, now, &id, span).unwrap_or(false)
            }
            None => entry::leave(word, now, State::Free).is_ok(),
        }
    }

    /// Under the lock of the id as well: one who comes back with it meanwhile would not find it in the entry, and join
    /// through another one. False if somebody does, who takes care of the entry.
    fn put_again(&self, index: u32, now: Word, id: &ConsumerId, span: Span) -> io::Result<bool> {
        let byte = LockByte::Id(id.hash());
        if !try_lock(self.view.file(), byte)? {
            return Ok(false);
        }
        crate::sync::point!("place: id locked");
        let done = self.put(index, now, id, span);
        crate::sync::point!("place: put");
        unlock(self.view.file(), byte)?;
        crate::sync::point!("place: id unlocked");
        done
    }

    /// What an entry becomes when its consumer leaves: its place is kept if it is required, and there is anything left to come
    /// back for.
    pub(super) fn kept_if_required(&self, index: u32, otherwise: State) -> State {
        let open = self.producer.closed_at().load(Ordering::Acquire) == OPEN;
        if open && self.view.is_required(index) { State::Reserved } else { otherwise }
    }

    /// Does something to an entry under its lock (L3); false if somebody holds that.
    pub(super) fn with_entry(
        &self,
        index: u32,
        change: impl FnOnce(&AtomicU64, Word) -> bool,
    ) -> io::Result<bool> {
        let Some(word) = self.view.entry(index) else { return Ok(false) };
        // L3: whoever has the lock knows that the owner is dead.
        if !try_lock(self.view.file(), LockByte::Entry(index))? {
            return Ok(false);
        }
        crate::sync::point!("evict: locked");
        // L6: the owner may have left, or another one come and died, since the caller looked.
        fence(Ordering::Acquire);
        let changed = entry::read(word).is_some_and(|now| change(word, now));
        crate::sync::point!("evict: gone");
        unlock(self.view.file(), LockByte::Entry(index))?;
        crate::sync::point!("evict: unlocked");
        Ok(changed)
    }
}
