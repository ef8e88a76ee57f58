//! Removing a channel by hand: its name and its file, if nobody uses it.

use super::error::RemoveError;
use super::header::{Header, HeaderError};
use super::opened::{Content, lock_patiently, producer_pid, read_header};
use super::segment::map;
use crate::location::Location;
use crate::location::place::Place;
use crate::os::facts::FileFacts;
use crate::os::fork::Description;
use crate::os::lock::{LockByte, is_held_by_other, try_lock_all};

/// Removes a channel that nobody uses. Also one that this program cannot read, as long as it is one.
///
/// # Errors
/// [`RemoveError::InUse`] if a producer or consumer of it is alive.
pub(crate) fn remove(location: &Location) -> Result<(), RemoveError> {
    let os = |what| move |source| RemoveError::Os { location: location.to_string(), what, source };
    let place = Place::open(location, false)?;
    if place.is_anonymous() {
        return Err(RemoveError::Unnamed { location: location.to_string() });
    }
    let file = place.open_existing(true)?;
    let facts = FileFacts::of(&file).map_err(os("look at"))?;
    let header = match read_header(&file, &facts).map_err(os("read"))? {
        Content::Segment(header) | Content::Stale(header) => Some(header),
        Content::Unreadable(HeaderError::NotASegment) | Content::Blank => {
            return Err(RemoveError::NotASegment { location: location.to_string() });
        }
        Content::Unreadable(_) => None,
    };
    // Somebody may hold a lock for a moment; the producer's is the one that everybody else tries first.
    let producer = !lock_patiently(&file, LockByte::Producer).map_err(os("lock"))?;
    crate::sync::point!("remove: locked");
    if producer || !try_lock_all(&file).map_err(os("lock"))? {
        return Err(in_use(location, file, header.as_deref(), producer));
    }
    crate::sync::point!("remove: all locked");
    if !place.still_names(&facts).map_err(os("look at"))? {
        // Somebody replaced or removed it just now; what was meant is gone.
        return Ok(());
    }
    place.unlink().map_err(os("remove"))
}

/// Says who it is, as far as the segment tells.
fn in_use(location: &Location, file: Description, header: Option<&Header>, producer: bool) -> RemoveError {
    let location = location.to_string();
    let Some(header) = header else {
        return RemoveError::InUse { location, pid: None, what: "a process of another version" };
    };
    if producer {
        return RemoveError::InUse { location, pid: producer_pid(&file, header), what: "its producer" };
    }
    let alive = (0..header.geometry.shape.max_consumers)
        .find(|entry| is_held_by_other(&file, LockByte::Entry(*entry)).unwrap_or(false));
    let pid = alive.and_then(|entry| {
        let mapped = map(file, header.geometry, header.kind).ok()?;
        mapped.view.consumer(entry)?.identity().read().pid
    });
    RemoveError::InUse { location, pid, what: "a consumer" }
}
