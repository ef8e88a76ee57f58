//! The producer's page: written by the producer alone.

use super::{APP_COUNTERS, AppCounter, Counters, Identity};
use crate::lifecycle::log::Log;
use crate::ring::OPEN;
use crate::ring::records::ANCHORS;
use crate::sync::{AtomicU64, Ordering};

/// Where the largest lags begin in the producer's page; one word per entry, in a row.
pub(crate) const PRODUCER_LAGS: u64 = size_of::<ProducerPage>() as u64;

/// The head of the producer's page.
#[repr(C, align(64))]
#[derive(Debug)]
pub(crate) struct ProducerPage {
    published: Published,
    life: Life,
    identity: Identity,
    reserved: [AtomicU64; 5],
    pub(crate) counters: Counters,
    pub(super) anchors: Anchors,
    pub(crate) app: [AppCounter; APP_COUNTERS],
    /// What happened to this participant, and what it found out about others.
    pub(crate) log: Log,
}

/// The published cursor, alone on its line; the ring says how it is ordered.
#[repr(C, align(64))]
#[derive(Debug)]
struct Published {
    cursor: AtomicU64,
}

/// Where records begin, in a ring of them; ordered by the published cursor.
#[repr(C, align(64))]
#[derive(Debug)]
pub(super) struct Anchors {
    at: [AtomicU64; ANCHORS],
}

#[repr(C, align(64))]
#[derive(Debug)]
struct Life {
    /// `u64::MAX` while open; ordered by the ring.
    closed_at: AtomicU64,
    /// How many producers there were; the present one's number. 0: the first is about to begin.
    epoch: AtomicU64,
    /// The epoch of the last producer that detached; 0 none.
    detached_epoch: AtomicU64,
    /// What becomes of dead consumers, as `liveness` encodes it.
    death_policy: AtomicU64,
}

impl ProducerPage {
    /// Where the producer's pid lies in its page.
    pub(crate) const PID_AT: u64 = core::mem::offset_of!(Self, identity) as u64;

    pub(crate) fn published(&self) -> &AtomicU64 {
        &self.published.cursor
    }

    pub(crate) fn closed_at(&self) -> &AtomicU64 {
        &self.life.closed_at
    }

    pub(crate) fn anchors(&self) -> &[AtomicU64; ANCHORS] {
        &self.anchors.at
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Begins a new channel, in memory that is all zero and that nobody else maps.
    pub(crate) fn begin(&self) {
        self.life.closed_at.store(OPEN, Ordering::Relaxed);
    }

    /// Names this process as the one that makes or takes the channel.
    pub(crate) fn announce(&self, death_policy: u64) {
        self.identity.write_own();
        crate::sync::point!("producer: named");
        self.life.death_policy.store(death_policy, Ordering::Relaxed);
    }

    /// This process is the producer from now on. Its epoch is stored last.
    pub(crate) fn enter(&self, death_policy: u64) -> u64 {
        self.announce(death_policy);
        crate::sync::point!("producer: announced");
        self.counters.clear();
        self.app.iter().for_each(AppCounter::clear);
        crate::sync::point!("producer: cleared");
        let epoch = self.life.epoch.load(Ordering::Relaxed).wrapping_add(1);
        // PAIR(successor): acquired in `epoch`.
        self.life.epoch.store(epoch, Ordering::Release);
        epoch
    }

    /// The number of the present or last producer.
    pub(crate) fn epoch(&self) -> u64 {
        // PAIR(successor): released in `enter`.
        self.life.epoch.load(Ordering::Acquire)
    }

    /// The producer leaves the stream open for a successor.
    pub(crate) fn detach(&self) {
        let epoch = self.life.epoch.load(Ordering::Relaxed);
        // PAIR(detached): acquired in `is_detached`.
        self.life.detached_epoch.store(epoch, Ordering::Release);
    }

    /// Whether the present or last producer left on purpose.
    pub(crate) fn is_detached(&self) -> bool {
        // PAIR(detached): released in `detach`.
        let detached = self.life.detached_epoch.load(Ordering::Acquire);
        detached != 0 && detached == self.epoch()
    }

    /// What becomes of dead consumers, as `liveness` encodes it.
    pub(crate) fn death_policy(&self) -> u64 {
        self.life.death_policy.load(Ordering::Relaxed)
    }
}
