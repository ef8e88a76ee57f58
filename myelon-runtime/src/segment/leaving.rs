//! How ends leave, and what becomes of the name when the last one does.
//!
//! A channel that was closed is never opened again. Its name in shared memory goes with the last one who could
//! still read from it; a file is kept. Who removes the name holds the producer lock on the file that it leads to
//! (L5), so a successor's file is never removed in its place.
//!
//! Who holds that lock may be slow: unmapping a large ring takes longer than anybody would wait. So it is given back
//! as soon as the name was seen to, and whoever gave it back looks again: one who left meanwhile and did not get the
//! lock may rely on that.

use std::io;

use super::opened::lock_patiently;
use super::segment::{Leave, Segment};
use crate::lifecycle::{LifecycleEvent, Whom};
use crate::os::lock::{LockByte, is_held_by_other, try_lock, unlock};
use crate::ring::OPEN;
use crate::ring::entry::{self, State};
use crate::sync::{Ordering, fence};

impl Segment {
    /// The producer goes on from here: its published cursor is repaired (R9).
    pub(crate) fn producer_ready(&self) {
        if let Some(policy) = self.policy {
            self.forget_reason();
            crate::sync::point!("ready: no reason");
            self.producer.enter(policy.encode());
        }
    }

    /// The producer leaves the stream open for a successor.
    pub(crate) fn producer_detached(&self) {
        self.producer.detach();
        crate::sync::point!("detach: said");
        self.note_own(LifecycleEvent::Detached);
    }

    /// The producer closed the stream (closed-at is stored) and leaves. It gives back its lock: a closed channel is
    /// never taken over, so nobody will write to what this process has mapped still.
    pub(crate) fn producer_closed(&self) {
        self.note_once(LifecycleEvent::Closed, Whom::Producer);
        crate::sync::point!("close: noted");
        // A consumer that leaves at this moment stores its state and then reads closed-at; here it is the other
        // way round, so at least one of the two sees that there is nobody left.
        fence(Ordering::SeqCst);
        let _ = self.retire();
    }

    /// A consumer leaves its entry.
    pub(crate) fn leave(&self, index: u32, how: Leave) {
        let (Some(word), Some(page)) = (self.view.entry(index), self.view.consumer(index)) else { return };
        let Some(now) = entry::read(word) else { return };
        let otherwise = match how {
            Leave::Forget => State::Free,
            Leave::Detach => State::Detached,
            Leave::Die => return self.note_own(LifecycleEvent::Died),
        };
        if now.state != State::Active {
            return;
        }
        page.note_leaving();
        crate::sync::point!("leave: noted");
        let to = self.kept_if_required(index, otherwise);
        let Ok(left) = entry::leave(word, now, to) else { return };
        crate::sync::point!("leave: left");
        // A producer that closes, or requires others than the last one, says so and then looks at the entry.
        fence(Ordering::SeqCst);
        let really = self.kept_if_required(index, otherwise);
        if really != to && entry::leave(word, left, really).is_err() {
            return;
        }
        crate::sync::point!("leave: really left");
        // The lock of the entry is still held, and the page this end's.
        self.note_own(if really == State::Free { LifecycleEvent::Left } else { LifecycleEvent::Detached });
        crate::sync::point!("leave: recorded");
        if really == State::Free {
            // Not before: killed in between, an active entry that nobody can come back to would gate for ever.
            page.forget_id();
            crate::sync::point!("leave: forgotten");
        }
        let closed = self.producer.closed_at().load(Ordering::Acquire) != OPEN;
        if closed && self.place.is_shm() {
            // Patiently, because a creator may hold the lock, fail, and not look again.
            if let Ok(true) = lock_patiently(self.view.file(), LockByte::Producer) {
                crate::sync::point!("leave: locked");
                let _ = self.retire();
            }
        }
    }

    /// Removes the name of a closed channel in shared memory if nobody is left who could read from it. The caller
    /// holds the producer lock, and does not any more afterwards.
    fn retire(&self) -> io::Result<()> {
        loop {
            let last = self.is_last()?;
            if last {
                self.place.unlink()?;
                crate::sync::point!("retire: unlinked");
            }
            unlock(self.view.file(), LockByte::Producer)?;
            crate::sync::point!("retire: unlocked");
            // One who left since the look above did not get the lock. It stored that it left before it tried, so it
            // is seen here; or it got the lock, and looks itself.
            if last || !self.is_last()? || !try_lock(self.view.file(), LockByte::Producer)? {
                return Ok(());
            }
        }
    }

    /// Whether the name goes with this end.
    fn is_last(&self) -> io::Result<bool> {
        Ok(self.place.is_shm() && !self.anyone_left()? && self.place.still_names(&self.facts)?)
    }

    /// Whether a consumer lives, or is dead and has not read everything. Its own entry is free already, or it is
    /// the producer's who has none.
    fn anyone_left(&self) -> io::Result<bool> {
        for index in 0..self.view.geometry().shape.max_consumers {
            let state = self.view.entry(index).and_then(entry::read).map_or(State::Free, |word| word.state);
            let joins = matches!(state, State::Active | State::Joining | State::Claiming | State::Reserved);
            if joins && is_held_by_other(self.view.file(), LockByte::Entry(index))? {
                return Ok(true);
            }
        }
        Ok(super::segment::can_be_resumed(&self.view, &self.producer, false))
    }
}
