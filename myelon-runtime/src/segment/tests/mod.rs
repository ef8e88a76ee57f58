//! Most of the protocol in one process: locks of two descriptions conflict within one process too, and dropping a
//! segment without leaving is, to everybody else, the death of that participant.

mod create;
mod join;
mod kill;
mod life;
mod refuse;
mod required;
mod sweep;

use core::sync::atomic::{AtomicU32, Ordering as Relaxed};
use core::time::Duration;
use std::path::PathBuf;

use super::attach::Joined;
use super::*;
use crate::lifecycle::LifecycleCause;
use crate::liveness::OnConsumerDeath;
use crate::location::Location;
use crate::location::place::Place;
use crate::ring::entry::{State, Word};
use crate::ring::join::Start;
use crate::ring::publisher::Publisher;
use crate::ring::{Ring, Stamped};

pub(super) const CAPACITY: u64 = 8;
pub(super) const ENTRIES: u32 = 3;
/// Why the tests let one go.
pub(super) const LET_GO: LifecycleCause = LifecycleCause::ConsumerDeathEvict;

/// A location of each kind, with whatever must go when the test is over.
pub(super) struct Site {
    pub(super) location: Location,
    dir: Option<tempfile::TempDir>,
    shm: Option<PathBuf>,
}

impl Site {
    pub(super) fn shm() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Relaxed::Relaxed);
        let location = Location::name(&format!("segment-test-{}-{count}", std::process::id())).unwrap();
        let path = Place::open(&location, true).unwrap().path();
        Self { location, dir: None, shm: Some(path) }
    }

    pub(super) fn file() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { location: Location::file(dir.path().join("channel")), dir: Some(dir), shm: None }
    }

    pub(super) fn anonymous() -> Self {
        Self { location: Location::anonymous().unwrap(), dir: None, shm: None }
    }

    pub(super) fn named() -> [Self; 2] {
        [Self::shm(), Self::file()]
    }

    pub(super) fn all() -> [Self; 3] {
        [Self::shm(), Self::file(), Self::anonymous()]
    }

    /// The path of a named one.
    pub(super) fn path(&self) -> PathBuf {
        Place::open(&self.location, true).unwrap().path()
    }

    /// How many files there are in the directory of a file location.
    pub(super) fn files(&self) -> usize {
        std::fs::read_dir(self.dir.as_ref().unwrap().path()).unwrap().count()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(path) = &self.shm {
            let _ = std::fs::remove_file(path);
        }
    }
}

pub(super) fn request(site: &Site) -> CreateRequest {
    CreateRequest {
        location: site.location.clone(),
        channel: "Numbers",
        contract: Contract::of::<u64, Stamped>(1),
        capacity: CAPACITY,
        max_consumers: ENTRIES,
        fresh: false,
        on_consumer_death: OnConsumerDeath::Evict,
        required: Vec::new(),
        placement: Placement::default(),
    }
}

/// A channel whose dead consumers keep their places: no other test's `create` sweeps it away once nobody lives.
pub(super) fn held(site: &Site) -> CreateRequest {
    CreateRequest { on_consumer_death: OnConsumerDeath::HoldForever, ..request(site) }
}

/// A producer as the end would make it.
pub(super) struct Tx {
    pub(super) publisher: Publisher<u64, Stamped>,
    pub(super) segment: Segment,
}

impl Tx {
    pub(super) fn new(site: &Site) -> Self {
        Self::with(&request(site)).unwrap()
    }

    pub(super) fn with(request: &CreateRequest) -> Result<Self, CreateError> {
        let segment = create(request)?;
        // SAFETY: made for these events in these slots; the segment lives beside the publisher.
        let ring = unsafe { Ring::new(segment.ring_parts()) };
        let publisher = Publisher::take_over(ring).unwrap();
        if !segment.is_made_here() {
            let next = publisher.next();
            segment.require(
                &request.required,
                Span { published: next, oldest: publisher.ring().oldest(next), message: 0 },
            )?;
        }
        segment.producer_ready();
        Ok(Self { publisher, segment })
    }

    /// Publishes as many events as fit, at most `most`, and returns how many.
    pub(super) fn publish(&mut self, most: u64) -> u64 {
        for done in 0..most {
            if self.publisher.room() == 0 {
                self.publisher.scan(|_, _| {});
                if self.publisher.room() == 0 {
                    return done;
                }
            }
            let next = self.publisher.next();
            // SAFETY: (1) there is room for one.
            let slot = unsafe { self.publisher.slot(0) };
            // SAFETY: (1) the slot is the publisher's.
            unsafe { slot.put(next) };
            // SAFETY: (1) that one slot is written.
            unsafe { self.publisher.publish(1) };
        }
        most
    }

    pub(super) fn close(mut self) {
        self.publisher.close();
        self.segment.producer_closed();
    }

    pub(super) fn state(&self, entry: u32) -> State {
        Word::decode(self.segment.entry_word(entry).unwrap().load(Relaxed::Acquire)).unwrap().state
    }
}

pub(super) fn attach_with(site: &Site, id: &str, start: Option<Start>) -> Result<Joined, AttachError> {
    attach::<u64, Stamped>(&AttachRequest {
        location: site.location.clone(),
        id: id.to_owned(),
        contract: Contract::of::<u64, Stamped>(1),
        start,
        timeout: Duration::ZERO,
        declared_only: None,
        placement: Placement::default(),
    })
}

pub(super) fn join(site: &Site, id: &str) -> Joined {
    attach_with(site, id, None).unwrap()
}

impl Joined {
    /// As a consumer would, having read up to there.
    pub(super) fn read_to(&self, cursor: u64) {
        self.segment.consumer_page(self.entry).cursor().store(cursor, Relaxed::Release);
    }

    pub(super) fn leave(self, how: Leave) {
        self.segment.leave(self.entry, how);
    }
}
