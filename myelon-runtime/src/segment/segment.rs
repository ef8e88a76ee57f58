//! One end's view of a segment: what it may read and write, who else is there, and what happens when it leaves.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

use super::page::{ConsumerId, ConsumerPage, ControlPage, Counter, ProducerPage};
use super::view::{Held, View};
use super::{Placement, PlacementReport};
use crate::lifecycle::{LifecycleCause, Whom};
use crate::liveness::{OnConsumerDeath, Role};
use crate::location::Location;
use crate::location::place::Place;
use crate::os::facts::FileFacts;
use crate::os::lock::{LockByte, is_held_by_other};
use crate::os::{self, fork::Description};
use crate::ring::entry::{self, State, Word};
use crate::ring::{OPEN, Parts};
use crate::sync::{AtomicU64, Ordering};
use crate::wait::word::WaitWord;

/// A mapped segment, as one participant or observer has it. See the module for what it guarantees (S1 to S6).
#[derive(Debug)]
pub(crate) struct Segment {
    pub(super) control: Held<ControlPage>,
    pub(super) producer: Held<ProducerPage>,
    pub(super) first_consumer: Held<ConsumerPage>,
    pub(super) parts: Parts,
    pub(super) view: Arc<View>,
    pub(super) place: Place,
    pub(super) facts: FileFacts,
    location: Location,
    placement: PlacementReport,
    /// What the producer that this end is does about dead consumers.
    pub(super) policy: Option<OnConsumerDeath>,
    /// Which page is this end's own; none of one who only looks.
    pub(super) own: Option<Whom>,
    /// Whether this very process made it, and did not take it over.
    pub(super) made: bool,
    ended: bool,
}

// SAFETY: `parts` holds pointers into the mapping that `view` keeps alive (S4), to atomics (S3) and to slots that
// only the ring touches under its own rules; nothing here is any thread's own.
unsafe impl Send for Segment {}
// SAFETY: as for `Send`; what takes `&self` uses atomics and system calls.
unsafe impl Sync for Segment {}

/// Whether a name still leads to the segment that an end has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// It does, or there never was a name.
    Yes,
    /// The name is gone: somebody removed the file.
    Gone,
    /// The name leads to another file.
    Replaced,
}

/// How a consumer leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leave {
    /// For good.
    Forget,
    /// To come back: its place is remembered, but nobody waits for it.
    Detach,
    /// As if its process had died: its place is kept as the channel's policy says.
    Die,
}

/// What is known of a producer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ProducerState {
    /// Its number: one more for each producer of the segment.
    pub(crate) epoch: u64,
    /// Whether it left the stream open on purpose.
    pub(crate) detached: bool,
    /// Its process; 0 unknown.
    pub(crate) pid: u32,
}

/// Who a consumer is. Diagnosis only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConsumerIdentity {
    pub(crate) id: String,
    /// Its process; 0 unknown.
    pub(crate) pid: u32,
}

/// Maps a segment of a kind of channel through a description of its own and finds its regions.
pub(super) fn map(file: Description, geometry: super::geometry::Geometry, kind: u32) -> io::Result<Mapped> {
    let view = Arc::new(View::new(file, geometry, kind)?);
    let missing = || io::Error::new(io::ErrorKind::InvalidData, "a region lies outside of the segment");
    Ok(Mapped {
        control: view.control().ok_or_else(missing)?,
        producer: view.producer().ok_or_else(missing)?,
        first_consumer: view.hold_consumer(0).ok_or_else(missing)?,
        parts: view.ring_parts().ok_or_else(missing)?,
        view,
    })
}

/// A segment that is mapped and of which this process is no part yet.
#[derive(Debug)]
pub(super) struct Mapped {
    pub(super) control: Held<ControlPage>,
    pub(super) producer: Held<ProducerPage>,
    pub(super) first_consumer: Held<ConsumerPage>,
    pub(super) parts: Parts,
    pub(super) view: Arc<View>,
}

impl Mapped {
    /// To be called by each participant before it becomes visible: wakers must know whether they may rely on
    /// this process's half of the asymmetric fence.
    pub(super) fn announce_barrier(&self) {
        if !os::barrier::register() {
            self.control.data.require_fence();
            self.control.room.require_fence();
        }
    }

    pub(super) fn into_segment(
        self,
        place: Place,
        facts: FileFacts,
        location: Location,
        placement: Placement,
        policy: Option<OnConsumerDeath>,
    ) -> Segment {
        let own = policy.map(|_| Whom::Producer);
        let placement = placement.apply(&self.view, policy.is_some());
        let Self { control, producer, first_consumer, parts, view } = self;
        Segment {
            control,
            producer,
            first_consumer,
            parts,
            view,
            place,
            facts,
            location,
            placement,
            policy,
            own,
            made: false,
            ended: false,
        }
    }

    /// The digest of a kind of messages, as the first producer that knew it declared it; 0 if none did yet, `None` if there
    /// is no room to do so.
    pub(super) fn declared(&self, kind: u16) -> Option<u64> {
        // PAIR(kinds): released in `declare`.
        self.view.kind(kind).map(|known| known.load(Ordering::Acquire))
    }

    /// Whether the stream was closed. For good, so whoever holds the producer lock may rely on it.
    pub(super) fn is_closed(&self) -> bool {
        // PAIR(closed): released in `Publisher::close`.
        self.producer.closed_at().load(Ordering::Acquire) != OPEN
    }

    /// Whether anything is left to go on with, if all who were here are dead.
    pub(super) fn is_kept(&self) -> bool {
        can_be_resumed(&self.view, &self.producer, true)
    }
}

/// Whether some consumer could come back and read on. With `by_policy` only those count whose places the
/// producer's policy keeps.
pub(super) fn can_be_resumed(view: &View, producer: &ProducerPage, by_policy: bool) -> bool {
    let closed_at = producer.closed_at().load(Ordering::Acquire);
    let lets_go = OnConsumerDeath::decode(producer.death_policy()) == OnConsumerDeath::Evict;
    (0..view.geometry().shape.max_consumers).any(|index| {
        let (Some(word), Some(page)) = (view.entry(index), view.consumer(index)) else { return false };
        let behind = closed_at == OPEN || page.cursor().load(Ordering::Acquire) < closed_at;
        let Some(now) = entry::read(word) else { return false };
        match now.state {
            State::Reserved => behind,
            State::Joining if page.kept().is_none() => false,
            State::Active | State::Joining => behind && !(by_policy && lets_go && !view.is_required(index)),
            State::Detached => behind && !by_policy,
            _ => false,
        }
    })
}

impl AsFd for Segment {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.view.file().as_fd()
    }
}

impl Segment {
    /// For the ring: where its words and slots lie. Good for as long as this segment lives (S4).
    pub(crate) fn ring_parts(&self) -> Parts {
        self.parts
    }

    /// Whether this very process made it, and did not take it over.
    pub(crate) fn is_made_here(&self) -> bool {
        self.made
    }

    /// Where consumers wait for events.
    #[inline(always)]
    pub(crate) fn data_wait(&self) -> &WaitWord {
        &self.control.data
    }

    /// Where the producer waits for room.
    #[inline(always)]
    pub(crate) fn room_wait(&self) -> &WaitWord {
        &self.control.room
    }

    /// The published cursor, as it is now.
    pub(crate) fn published(&self) -> u64 {
        // PAIR(slot contents): released in `Ring::show`.
        self.producer.published().load(Ordering::Acquire)
    }

    pub(crate) fn location(&self) -> &Location {
        &self.location
    }

    pub(crate) fn placement(&self) -> PlacementReport {
        self.placement
    }

    /// The producer's page, for as long as the caller wants.
    pub(crate) fn producer_page(&self) -> Held<ProducerPage> {
        self.producer.clone()
    }

    /// A consumer's page, for as long as the caller wants; the first one for an entry that does not exist.
    pub(crate) fn consumer_page(&self, entry: u32) -> Held<ConsumerPage> {
        self.view.hold_consumer(entry).unwrap_or_else(|| self.first_consumer.clone())
    }

    /// For a producer that took over: says what the kinds of messages are that none did before. What is said once stays.
    pub(super) fn declare(&self, kinds: impl Iterator<Item = (u16, u64)>) {
        for (kind, digest) in kinds {
            // Nobody but the producer writes them, and that is this one.
            if let Some(word) = self.view.kind(kind).filter(|word| word.load(Ordering::Relaxed) == 0) {
                // PAIR(kinds): acquired in `declared`.
                word.store(digest, Ordering::Release);
                crate::sync::point!("declare: kind");
            }
        }
    }

    /// Whether some producer declared a kind of messages with that digest. One that publishes such messages did so before.
    pub(crate) fn is_declared(&self, kind: u16, digest: u64) -> bool {
        // PAIR(kinds): released in `declare`.
        self.view.kind(kind).is_some_and(|known| known.load(Ordering::Acquire) == digest)
    }

    /// The number of the next message, as the producer said last.
    pub(crate) fn messages(&self) -> u64 {
        self.producer.counters.read(Counter::Messages)
    }

    /// The number of the message that a consumer will release next, as it said last; `None` past the last entry.
    pub(crate) fn message_at(&self, entry: u32) -> Option<u64> {
        self.view.consumer(entry).map(|page| page.message().load(Ordering::Relaxed))
    }

    /// The state word of an entry; `None` past the last one.
    pub(crate) fn entry_word(&self, entry: u32) -> Option<&AtomicU64> {
        self.view.entry(entry)
    }

    /// Where the producer notes an entry's largest lag; `None` past the last one.
    pub(crate) fn largest_lag(&self, entry: u32) -> Option<Held<AtomicU64>> {
        self.view.largest_lag(entry)
    }

    /// True the first time. In a forked child the copies of an end must do nothing when they are dropped.
    pub(crate) fn end_once(&mut self) -> bool {
        !core::mem::replace(&mut self.ended, true) && self.view.file().is_ours()
    }

    pub(crate) fn producer_state(&self) -> ProducerState {
        ProducerState {
            epoch: self.producer.epoch(),
            detached: self.producer.is_detached(),
            pid: self.producer.identity().read().pid.unwrap_or(0),
        }
    }

    pub(crate) fn consumer_identity(&self, entry: u32) -> ConsumerIdentity {
        let page = self.consumer_page(entry);
        ConsumerIdentity {
            id: page.id().map(|id| id.to_string()).unwrap_or_default(),
            pid: page.identity().read().pid.unwrap_or(0),
        }
    }

    /// Whether somebody lives, this end included. What cannot be told is taken for no: this is for display.
    pub(crate) fn lives(&self, whom: Whom) -> bool {
        let held = || match whom {
            Whom::Producer => self.producer_is_alive(),
            Whom::Entry(entry) => self.is_alive(entry),
        };
        self.own == Some(whom) || held().unwrap_or(false)
    }

    /// The id in an entry's page, if it can be one.
    pub(crate) fn consumer_id(&self, entry: u32) -> Option<ConsumerId> {
        self.view.consumer(entry)?.id()
    }

    /// Whether the kernel says that the entry's owner lives (L1). For consumers and observers to ask of others:
    /// an end's own lock does not count.
    pub(crate) fn is_alive(&self, entry: u32) -> io::Result<bool> {
        is_held_by_other(self.view.file(), LockByte::Entry(entry))
    }

    /// Whether the kernel says that a producer lives (L1). Not for the producer to ask.
    pub(crate) fn producer_is_alive(&self) -> io::Result<bool> {
        is_held_by_other(self.view.file(), LockByte::Producer)
    }

    /// What is expected of the consumer of an entry.
    pub(crate) fn role_of(&self, entry: u32) -> Role {
        let id = self.consumer_id(entry);
        let policy = id.and_then(|id| self.view.required(&id));
        policy.map_or(Role::Reliable, Role::Required)
    }

    /// Whether an entry is kept for a required consumer that is not attached.
    pub(crate) fn is_reserved(&self, index: u32) -> bool {
        let word = self.view.entry(index).and_then(entry::read);
        word.is_some_and(|word| word.state == State::Reserved)
    }

    /// The word of an entry whose consumer was told where it starts, and so may be promised its place.
    fn placed(&self, index: u32) -> Option<Word> {
        let word = self.view.entry(index).and_then(entry::read)?;
        matches!(word.state, State::Active | State::Reserved).then_some(word)
    }

    /// The cursor of a consumer that was told where it starts: no provisional one (R6).
    pub(crate) fn place_of(&self, index: u32) -> Option<u64> {
        let before = self.placed(index)?;
        let cursor = self.view.consumer(index)?.cursor().load(Ordering::Acquire);
        // Had it left since, the epoch would be another, or the state. One that was on its way back to an older event and is
        // there by now looks the same: callers compare with a cursor that they saw before.
        (self.placed(index) == Some(before)).then_some(cursor)
    }

    /// Lets a dead consumer go (R8). False if it is alive, or was no active consumer any more. For the producer, which has
    /// published all below `published` and nothing else.
    pub(crate) fn evict(&self, index: u32, published: u64, cause: LifecycleCause) -> io::Result<bool> {
        self.let_go(index, Some(cause), published)
    }

    /// Lets one go that died before it was told where it starts. False also if there is somebody in the entry by now
    /// who was told, and died: that one's place may have to be kept.
    pub(crate) fn evict_unseated(&self, index: u32, published: u64) -> io::Result<bool> {
        self.let_go(index, None, published)
    }

    fn let_go(&self, index: u32, seated: Option<LifecycleCause>, published: u64) -> io::Result<bool> {
        self.with_entry(index, |word, now| match now.state {
            State::Active => {
                seated.is_some_and(|cause| entry::evict(word, now).is_ok() && self.note_evicted(index, cause))
            }
            // It died before it was told where it starts, so there is nothing that it could miss.
            State::Joining => self.unseat(index, word, now, published),
            _ => false,
        })
    }

    /// Whether whoever took the name away from this segment said so. One load.
    pub(crate) fn is_superseded(&self) -> bool {
        self.control.is_superseded()
    }

    /// Whether the name still leads to this segment (L5). What cannot be told is taken for yes.
    pub(crate) fn still_named(&self) -> Named {
        if self.is_superseded() {
            return Named::Replaced;
        }
        match self.place.facts_of_name() {
            Ok(None) => Named::Gone,
            Ok(Some(now)) if !now.same_file(&self.facts) => Named::Replaced,
            Ok(Some(_)) | Err(_) => Named::Yes,
        }
    }
}
