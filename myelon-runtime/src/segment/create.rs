//! Becoming the producer of a channel: anew, in a dead one's place, or instead of another channel (L5).
//!
//! ```text
//! open the name -> not there: write a new file, lock it, give it the name (taken meanwhile: start over)
//!               -> there: lock its producer byte (held: AlreadyExists)
//!                         does the name still lead to it? (no: start over)
//!                         same layout, or one that grew from it or into it, died: take over in place
//!                         closed, other layout or capacity, stale, `.fresh()`: replace
//!                         not a segment: an error, never touched
//! ```
//! To replace is to rename a complete new file, whose producer lock is held already, over the old one while the
//! old one's is held too; then those who are still in the old one are told.

use super::build::Plan;
use super::contract::{Contract, read_schema};
use super::error::CreateError;
use super::header::Header;
use super::opened::{Content, lock_patiently, producer_pid, read_header};
use super::required::{RequiredConsumer, Span};
use super::segment::{Mapped, Segment, map};
use super::{Placement, sweep};
use crate::lifecycle::{LifecycleEvent, Note, Whom};
use crate::liveness::OnConsumerDeath;
use crate::location::place::{Draft, Place};
use crate::location::{Location, LocationError};
use crate::os;
use crate::os::facts::FileFacts;
use crate::os::fork::Description;
use crate::os::lock::{LockByte, try_lock};
use crate::ring::MAX_SEQUENCE;
use crate::sync::Ordering;

/// How often a name may be replaced or removed under this call. Each time somebody else got on.
const ROUNDS: u32 = 100;

/// What a producer wants to create.
#[derive(Debug)]
pub(crate) struct CreateRequest {
    pub(crate) location: Location,
    /// The channel's name, for display.
    pub(crate) channel: &'static str,
    pub(crate) contract: Contract,
    /// In events.
    pub(crate) capacity: u64,
    pub(crate) max_consumers: u32,
    /// Never take over.
    pub(crate) fresh: bool,
    pub(crate) on_consumer_death: OnConsumerDeath,
    /// Each id once.
    pub(crate) required: Vec<RequiredConsumer>,
    pub(crate) placement: Placement,
}

/// Creates or takes over the channel. The caller then repairs the published cursor
/// (`ring::Publisher::take_over`, R9), sees to the required ones' places if it did not make it ([`Segment::require`]), and
/// calls [`Segment::producer_ready`].
///
/// # Errors
/// Nothing of this call is left behind, and nothing that was there is changed.
pub(crate) fn create(request: &CreateRequest) -> Result<Segment, CreateError> {
    let plan = Plan::new(request)?;
    let place = Place::open(&request.location, true)?;
    let create = Create { request, plan, place };
    let segment = match create.create() {
        Err(CreateError::NoSpace { shared_memory: true, .. }) => {
            // Perhaps the room is taken by what dead processes left.
            sweep::sweep(&create.place);
            create.create()?
        }
        done => done?,
    };
    crate::sync::point!("create: named");
    sweep::sweep(&create.place);
    Ok(segment)
}

struct Create<'a> {
    request: &'a CreateRequest,
    plan: Plan,
    place: Place,
}

/// `None` = the name changed meanwhile: start over.
type Round = Result<Option<Segment>, CreateError>;

impl Create<'_> {
    fn create(&self) -> Result<Segment, CreateError> {
        for _ in 0..ROUNDS {
            let done = match self.place.open_existing(true) {
                Ok(file) => self.over_existing(file)?,
                Err(LocationError::NotFound { .. }) => self.anew()?,
                Err(error) => return Err(error.into()),
            };
            if let Some(segment) = done {
                return Ok(segment);
            }
        }
        Err(CreateError::Contended { location: self.request.location.to_string() })
    }

    fn os(&self, what: &'static str) -> impl Fn(std::io::Error) -> CreateError {
        move |source| CreateError::Os { location: self.request.location.to_string(), what, source }
    }

    /// A complete segment that nobody can find, with its producer lock held. All that can go wrong goes wrong here
    /// and not after it has its name: then it would be others' business too (L5).
    fn draft(&self) -> Result<Draft<Segment>, CreateError> {
        let draft = self.place.create_unnamed().map_err(self.os("make a file for"))?;
        crate::sync::point!("create: file");
        if !try_lock(&draft, LockByte::Producer).map_err(self.os("lock"))? {
            return Err(CreateError::Contended { location: self.request.location.to_string() });
        }
        crate::sync::point!("create: locked");
        self.plan.write(self.request, &self.place, &draft)?;
        crate::sync::point!("create: written");
        draft.with(|file| self.enter_file(file))
    }

    fn anew(&self) -> Round {
        let mut draft = self.draft()?;
        crate::sync::point!("create: ready");
        match self.place.publish(&mut draft) {
            Ok(()) => Ok(Some(draft.into_file())),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(self.os("name")(error)),
        }
    }

    /// Over a complete segment that is new, and whose producer lock is held.
    fn enter_file(&self, file: Description) -> Result<Segment, CreateError> {
        let mapped = map(file, self.plan.geometry, self.request.contract.kind);
        let mut segment = self.enter(mapped.map_err(self.os("map"))?)?;
        crate::sync::point!("create: entered");
        segment.made = true;
        // Before anybody can find it, so that nothing is published which they do not get.
        segment.require(&self.request.required, Span { published: 0, oldest: 0, message: 0 })?;
        Ok(segment)
    }

    /// The last steps, over a segment whose producer lock is held.
    fn enter(&self, mapped: Mapped) -> Result<Segment, CreateError> {
        let view = &mapped.view;
        for region in [view.control_region(), view.producer_region(), view.slots_region()] {
            view.own(region).map_err(self.os("map"))?;
        }
        let facts = FileFacts::of(view.file()).map_err(self.os("look at"))?;
        mapped.announce_barrier();
        let CreateRequest { location, placement, on_consumer_death, .. } = self.request;
        let policy = Some(*on_consumer_death);
        if mapped.producer.epoch() != 0 && !mapped.producer.is_detached() {
            // Its lock was free: what is left of it is this page.
            view.note_once(Whom::Producer, LifecycleEvent::Died, Whom::Producer);
            crate::sync::point!("take-over: death noted");
        }
        // Whoever is refused meanwhile is told of this process and not of the dead one: placing may take seconds.
        mapped.producer.identity().write_own();
        Ok(mapped.into_segment(self.place.clone(), facts, location.clone(), *placement, policy))
    }

    fn over_existing(&self, file: Description) -> Round {
        let location = || self.request.location.to_string();
        let locked = lock_patiently(&file, LockByte::Producer).map_err(self.os("lock"))?;
        crate::sync::point!("take-over: locked");
        let facts = FileFacts::of(&file).map_err(self.os("look at"))?;
        if !self.place.still_names(&facts).map_err(self.os("look at"))? {
            return Ok(None);
        }
        let content = read_header(&file, &facts).map_err(self.os("read"))?;
        if !locked {
            return match content {
                Content::Unreadable(source) => Err(CreateError::Unreadable { location: location(), source }),
                Content::Segment(header) | Content::Stale(header) => Err(CreateError::AlreadyExists {
                    location: location(),
                    pid: producer_pid(&file, &header),
                }),
                Content::Blank => Err(CreateError::AlreadyExists { location: location(), pid: None }),
            };
        }
        match content {
            Content::Segment(header) => self.over_segment(file, &header),
            Content::Stale(_) => self.replace(None).map(Some),
            Content::Blank if self.place.is_anonymous() => {
                self.plan.write(self.request, &self.place, &file)?;
                self.enter_file(file).map(Some)
            }
            Content::Blank => {
                Err(CreateError::Unreadable { location: location(), source: super::HeaderError::NotASegment })
            }
            Content::Unreadable(source) => Err(CreateError::Unreadable { location: location(), source }),
        }
    }

    /// Over a segment whose producer is gone; its producer lock is held.
    fn over_segment(&self, file: Description, header: &Header) -> Round {
        let contract = &self.request.contract;
        let schema = if contract.agrees(header) { None } else { read_schema(&file, header) };
        let old = map(file, header.geometry, header.kind).map_err(self.os("map"))?;
        let ours = self.plan.geometry.shape;
        let theirs = header.geometry.shape;
        let suits = contract.suits(header, schema.as_ref(), |kind| old.declared(kind))
            && (ours.capacity, ours.max_consumers) == (theirs.capacity, theirs.max_consumers);
        if self.request.fresh || !suits || old.is_closed() || old.control.is_superseded() {
            return self.replace(Some(old)).map(Some);
        }
        let published = old.producer.published().load(Ordering::Acquire);
        if published > MAX_SEQUENCE {
            return Err(CreateError::Implausible { location: self.request.location.to_string(), published });
        }
        let segment = self.enter(old)?;
        crate::sync::point!("take-over: entered");
        // Before it publishes any of them.
        segment.declare(contract.kinds());
        Ok(Some(segment))
    }

    /// Puts a new segment in the place of an old one, whose producer lock the caller holds.
    fn replace(&self, old: Option<Mapped>) -> Result<Segment, CreateError> {
        if !self.place.can_replace() {
            return Err(CreateError::CannotReplace { location: self.request.location.to_string() });
        }
        let mut draft = self.draft()?;
        crate::sync::point!("replace: ready");
        self.place.publish_over(&mut draft).map_err(self.os("replace"))?;
        crate::sync::point!("replace: done");
        if let Some(old) = old {
            // For those who still map it. Its page is the caller's, who holds its lock.
            if old.view.own(old.view.producer_region()).is_ok() {
                let note = old.view.describe(LifecycleEvent::Superseded, Whom::Producer);
                old.view.note(Whom::Producer, Note { pid: os::process::pid(), ..note });
                crate::sync::point!("replace: noted");
            }
            // Those who are not told now find out by themselves that the name leads elsewhere.
            if old.view.own(old.view.control_region()).is_ok() {
                old.control.supersede();
            }
        }
        Ok(draft.into_file())
    }
}
