//! Joining a channel as a consumer (L4, L5, R6), or looking at it without taking part.
//!
//! ```text
//! open the name, read and check the header, compare layouts, map
//! lock the id (held: IdInUse) -> does the name still lead to this file? (no: start over)
//! lock an entry, the one that knows the id if there is one -> move its word -> write its page -> active, last
//! ```

use core::time::Duration;
use std::time::Instant;

use super::Placement;
use super::contract::{Contract, read_schema};
use super::error::AttachError;
use super::header::Header;
use super::layout::OwnedSchema;
use super::opened::{Content, lock_patiently, read_header};
use super::page::ConsumerId;
use super::registry::{Joining, Verdict};
use super::segment::{Mapped, Segment, map};
use crate::event::RingEvent;
use crate::lifecycle::Whom;
use crate::liveness::{DeclaredConsumer, Role};
use crate::location::place::Place;
use crate::location::{Location, LocationError};
use crate::os::facts::FileFacts;
use crate::os::fork::Description;
use crate::os::lock::{LockByte, is_held_by_other};
use crate::ring::Discipline;
use crate::ring::join::Start;
use crate::wait::pause;

/// How often a file may be replaced under this call.
const ROUNDS: u32 = 100;
/// Between two looks for a segment that is not there yet: short at first, longer when it takes long.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(10);
/// For how long a caller that has the time believes that whoever holds the lock of a segment with another layout is
/// replacing it.
const LONGEST_REPLACEMENT: Duration = Duration::from_millis(500);

/// What a consumer wants to attach to.
#[derive(Debug)]
pub(crate) struct AttachRequest {
    pub(crate) location: Location,
    pub(crate) id: String,
    pub(crate) contract: Contract,
    /// `None`: resume if the id is known, else `Latest`.
    pub(crate) start: Option<Start>,
    /// How long to wait for a channel that is not there yet.
    pub(crate) timeout: Duration,
    /// If only these may attach, and those that the producer requires.
    pub(crate) declared_only: Option<&'static [DeclaredConsumer]>,
    pub(crate) placement: Placement,
}

/// A consumer's place in a channel.
#[derive(Debug)]
pub(crate) struct Joined {
    pub(crate) segment: Segment,
    /// Its registry entry; active.
    pub(crate) entry: u32,
    /// The first sequence that it may read.
    pub(crate) start: u64,
    /// Whether that is where the same id stopped.
    pub(crate) resumed: bool,
}

/// Why one look at the location did not end in a channel.
enum NotYet {
    /// Nothing to join; it may come.
    Absent(AttachError),
    /// The file was replaced meanwhile.
    Replaced,
    /// Another layout, and somebody holds its producer's lock: its producer, or one who is about to replace it.
    Disagrees(AttachError),
    Failed(AttachError),
}

impl From<AttachError> for NotYet {
    fn from(error: AttachError) -> Self {
        Self::Failed(error)
    }
}

/// Attaches to a channel, whose contract is for these events in these slots.
///
/// # Errors
/// Nothing of this call is left behind. What may come with time (no segment, a closed one, one from before the
/// last boot, another layout whose producer is gone) is an error only when the time is up.
pub(crate) fn attach<E: RingEvent, D: Discipline>(request: &AttachRequest) -> Result<Joined, AttachError> {
    let id = ConsumerId::new(&request.id).ok_or(AttachError::InvalidId { len: request.id.len() })?;
    patiently(&request.location, request.timeout, || attach_once::<E, D>(request, &id))
}

/// Tries until it is done, until the time is up, or until what is there will not go away.
fn patiently<T>(
    location: &Location,
    timeout: Duration,
    mut once: impl FnMut() -> Result<T, NotYet>,
) -> Result<T, AttachError> {
    let started = Instant::now();
    let mut wait = FIRST_PAUSE;
    let mut rounds = 0;
    let mut disagrees = None;
    loop {
        let absent = match once() {
            Ok(done) => return Ok(done),
            Err(NotYet::Failed(error)) => return Err(error),
            Err(NotYet::Replaced) => {
                rounds += 1;
                if rounds == ROUNDS {
                    return Err(AttachError::Contended { location: location.to_string() });
                }
                continue;
            }
            Err(NotYet::Absent(error)) => {
                disagrees = None;
                error
            }
            Err(NotYet::Disagrees(error)) => {
                if disagrees.get_or_insert_with(Instant::now).elapsed() > LONGEST_REPLACEMENT {
                    return Err(error);
                }
                error
            }
        };
        let left = timeout.saturating_sub(started.elapsed());
        if left.is_zero() {
            return Err(match absent {
                AttachError::NotFound { location, .. } => AttachError::NotFound { location, waited: timeout },
                other => other,
            });
        }
        pause(wait.min(left));
        wait = (wait * 2).min(LONGEST_PAUSE);
    }
}

/// Maps a channel to look at it: no lock, no entry, no store.
///
/// # Errors
/// As for a consumer, as far as they apply.
pub(crate) fn observe(location: &Location, contract: &Contract) -> Result<Segment, AttachError> {
    Ok(look(location, Some(contract))?.0)
}

/// The same for one who wants a stream that goes on: a closed one is not found, as for a consumer that is new.
///
/// # Errors
/// As for a consumer, as far as they apply.
pub(crate) fn observe_open(
    location: &Location,
    contract: &Contract,
    timeout: Duration,
) -> Result<Segment, AttachError> {
    let (segment, ..) = patiently(location, timeout, || {
        let found = find(location, false, Some(contract))?;
        crate::sync::point!("glance: found");
        if found.mapped.is_closed() {
            return Err(not_found(location));
        }
        // L5.
        let os = |source| AttachError::Os { location: location.to_string(), what: "look at", source };
        if !found.place.still_names(&found.facts).map_err(os)? || found.mapped.control.is_superseded() {
            return Err(NotYet::Replaced);
        }
        Ok(found.seen_from(location))
    })?;
    Ok(segment)
}

/// The same for any channel, whatever its events; with its header, and its layout if that can be read.
pub(crate) fn inspect(location: &Location) -> Result<(Segment, Header, Option<OwnedSchema>), AttachError> {
    look(location, None)
}

/// The header and the layout of a segment that an end has mapped.
///
/// # Errors
/// [`AttachError::Unreadable`] if somebody wrote over them.
pub(crate) fn described(segment: &Segment) -> Result<(Header, Option<OwnedSchema>), AttachError> {
    let location = segment.location();
    let file = segment.view.file();
    let os = |source| AttachError::Os { location: location.to_string(), what: "read", source };
    match read_header(file, &segment.facts).map_err(os)? {
        Content::Segment(header) | Content::Stale(header) => {
            let schema = read_schema(file, &header);
            Ok((*header, schema))
        }
        Content::Blank => Err(unreadable(location, super::HeaderError::NotASegment)),
        Content::Unreadable(error) => Err(unreadable(location, error)),
    }
}

fn look(
    location: &Location,
    contract: Option<&Contract>,
) -> Result<(Segment, Header, Option<OwnedSchema>), AttachError> {
    match find(location, false, contract) {
        Ok(found) => Ok(found.seen_from(location)),
        Err(NotYet::Absent(error) | NotYet::Disagrees(error) | NotYet::Failed(error)) => Err(error),
        Err(NotYet::Replaced) => Err(AttachError::Contended { location: location.to_string() }),
    }
}

/// A channel that was found, checked and mapped for reading.
struct Found {
    place: Place,
    facts: FileFacts,
    mapped: Mapped,
    header: Box<Header>,
    schema: Option<OwnedSchema>,
}

impl Found {
    /// As one has it who only looks.
    fn seen_from(self, location: &Location) -> (Segment, Header, Option<OwnedSchema>) {
        let Self { place, facts, mapped, header, schema } = self;
        let placement = Placement::default().lazy();
        (mapped.into_segment(place, facts, location.clone(), placement, None), *header, schema)
    }
}

fn not_found(location: &Location) -> NotYet {
    NotYet::Absent(AttachError::NotFound { location: location.to_string(), waited: Duration::ZERO })
}

/// Opens and checks what is at a location. With a contract it must be that.
fn find(location: &Location, writable: bool, contract: Option<&Contract>) -> Result<Found, NotYet> {
    let os =
        |what| move |source| NotYet::Failed(AttachError::Os { location: location.to_string(), what, source });
    let absent = |error| match error {
        LocationError::NotFound { .. } => not_found(location),
        error => NotYet::Failed(error.into()),
    };
    let place = Place::open(location, false).map_err(absent)?;
    let file: Description = place.open_existing(writable).map_err(absent)?;
    let facts = FileFacts::of(&file).map_err(os("look at"))?;
    let header = match read_header(&file, &facts).map_err(os("read"))? {
        Content::Segment(header) => header,
        Content::Stale(_) => {
            return Err(NotYet::Absent(AttachError::Stale { location: location.to_string() }));
        }
        Content::Blank if place.is_anonymous() => return Err(not_found(location)),
        Content::Blank => return Err(unreadable(location, super::HeaderError::NotASegment).into()),
        // Memory without a name is written in place: it may be whole the next time.
        Content::Unreadable(error) if place.is_anonymous() => {
            return Err(NotYet::Absent(unreadable(location, error)));
        }
        Content::Unreadable(error) => return Err(unreadable(location, error).into()),
    };
    let is_equal = contract.is_some_and(|contract| contract.agrees(&header));
    let schema = if is_equal { None } else { read_schema(&file, &header) };
    let mapped = map(file, header.geometry, header.kind).map_err(os("map"))?;
    let declared = |kind| mapped.declared(kind);
    let Some(contract) = contract.filter(|contract| !contract.suits(&header, schema.as_ref(), declared))
    else {
        return Ok(Found { place, facts, mapped, header, schema });
    };
    let diff = Box::new(contract.diff(&header, schema, declared));
    let error = AttachError::LayoutMismatch { location: location.to_string(), diff };
    // What a former build left is replaced when the producer of this one comes.
    let lives = is_held_by_other(mapped.view.file(), LockByte::Producer).unwrap_or(true);
    Err(if lives { NotYet::Disagrees(error) } else { NotYet::Absent(error) })
}

fn unreadable(location: &Location, source: super::HeaderError) -> AttachError {
    AttachError::Unreadable { location: location.to_string(), source }
}

fn attach_once<E: RingEvent, D: Discipline>(
    request: &AttachRequest,
    id: &ConsumerId,
) -> Result<Joined, NotYet> {
    let os = |what| {
        move |source| NotYet::Failed(AttachError::Os { location: request.location.to_string(), what, source })
    };
    let Found { place, facts, mapped, .. } = find(&request.location, true, Some(&request.contract))?;
    if let Some(declared) = request.declared_only {
        check_declared(&mapped, id, declared)?;
    }
    // SAFETY: (1) `find` compared the segment with this very contract.
    let joining = unsafe { Joining::<E, D>::new(&request.location, id, request.start, &mapped) };
    // L4: the id first, for life.
    if !lock_patiently(mapped.view.file(), LockByte::Id(id.hash())).map_err(os("lock"))? {
        return Err(AttachError::IdInUse { id: request.id.clone(), pid: joining.pid_of_id() }.into());
    }
    crate::sync::point!("attach: id locked");
    // L5.
    if !place.still_names(&facts).map_err(os("look at"))? || mapped.control.is_superseded() {
        return Err(NotYet::Replaced);
    }
    mapped.view.own(mapped.view.control_region()).map_err(os("map"))?;
    mapped.announce_barrier();
    let (entry, start, resumed) = match joining.join()? {
        Verdict::In { entry, start, resumed } => (entry, start, resumed),
        Verdict::Closed => return Err(not_found(&request.location)),
    };
    let mut segment = mapped.into_segment(place, facts, request.location.clone(), request.placement, None);
    segment.own = Some(Whom::Entry(entry));
    crate::sync::point!("attach: joined");
    // A producer may be waiting for its consumers.
    segment.room_wait().notify();
    crate::sync::point!("attach: told");
    Ok(Joined { segment, entry, start, resumed })
}

/// Refuses an id that is neither declared as one that gates nor required by the producer.
fn check_declared(
    mapped: &Mapped,
    id: &ConsumerId,
    declared: &[DeclaredConsumer],
) -> Result<(), AttachError> {
    let gating = declared.iter().filter(|one| one.role != Role::Lossy).map(|one| one.id.to_owned());
    let required = mapped.view.terms().filter_map(|row| Some(row.read()?.0.as_str().to_owned()));
    let mut may: Vec<String> = gating.chain(required).collect();
    if may.iter().any(|may| may == id.as_str()) {
        return Ok(());
    }
    may.sort_unstable();
    may.dedup();
    Err(AttachError::NotDeclared { id: id.to_string(), declared: may })
}
