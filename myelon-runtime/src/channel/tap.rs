//! Watching a channel without taking part: the lossy read (R7).

use core::fmt;
use core::marker::PhantomData;
use std::error::Error;

use super::Channel;
use crate::location::IntoLocation;
use crate::os;
use crate::ring::lossy::{self, Copied};
use crate::ring::{Ring, Sequence};
use crate::segment::{self, AttachError, Segment};

/// A read-only look into a live channel: never holds the producer back, never seen by anybody, and may miss
/// events, which it says.
///
/// A quarter of the ring, at least one event, is always about to be overwritten: a tap does not see that part, and on a
/// ring of one event it sees nothing.
///
/// It maps the segment read-only and takes no registry entry and no lock, so it can be attached to any channel
/// by a tool without disturbing it. Events come by value.
pub struct Tap<C: Channel> {
    ring: Ring<C::Event, C::Slots>,
    next: Sequence,
    generation: u32,
    /// Keeps the memory mapped.
    _segment: Segment,
    channel: PhantomData<fn() -> C>,
}

/// Why a tap has no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TapError {
    /// The producer overtook this tap; the next call goes on at the oldest event that is there.
    Lagged {
        /// How many events were missed.
        missed: u64,
    },
    /// The bytes of this event are not a valid value of its type; it was skipped.
    Invalid {
        /// The event.
        sequence: Sequence,
    },
    /// The ring says what no producer writes.
    Corrupt {
        /// The published cursor that was found.
        found: u64,
    },
    /// This tap was copied by a fork and belongs to the parent process.
    Forked,
}

impl<C: Channel> Tap<C> {
    /// Looks into the channel at `at`, from the oldest event that is there.
    ///
    /// # Errors
    /// [`AttachError`], as for a consumer.
    pub fn attach(at: impl IntoLocation) -> Result<Self, AttachError> {
        let segment = segment::observe::<C::Event, C::Slots>(&at.into_location()?, C::CONFIG.version)?;
        // SAFETY: the segment validated its geometry against the file (S1, S2) and was made for this event and
        // discipline (fingerprint); the tap keeps it for as long as the ring is used (S4).
        let ring = unsafe { Ring::new(segment.ring_parts()) };
        // A cursor that cannot be is told by the first look.
        let next = ring.plausible().map_or(0, |published| ring.oldest(published));
        Ok(Self { ring, next, generation: os::fork::generation(), _segment: segment, channel: PhantomData })
    }

    /// The next event and its sequence; `None` if it is not published yet.
    ///
    /// # Errors
    /// [`TapError::Lagged`] says how many were missed; the next call goes on behind the gap.
    pub fn try_next(&mut self) -> Result<Option<(Sequence, C::Event)>, TapError> {
        if self.generation != os::fork::generation() {
            return Err(TapError::Forked);
        }
        let sequence = self.next;
        match lossy::copy(&self.ring, sequence) {
            Copied::Event(event) => {
                self.next += 1;
                Ok(Some((sequence, event)))
            }
            Copied::NotYet => Ok(None),
            Copied::Lapped { oldest } => {
                self.next = oldest;
                Err(TapError::Lagged { missed: oldest.saturating_sub(sequence) })
            }
            Copied::Invalid => {
                self.next += 1;
                Err(TapError::Invalid { sequence })
            }
            Copied::Implausible { published } => Err(TapError::Corrupt { found: published }),
        }
    }

    /// The sequence that is looked for next.
    pub fn sequence(&self) -> Sequence {
        self.next
    }

    /// Skips what is there: the next event is one that is not published yet.
    pub fn skip_to_latest(&mut self) {
        self.next = self.next.max(self.ring.plausible().unwrap_or(0));
    }
}

impl<C: Channel> fmt::Debug for Tap<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tap")
            .field("channel", &C::CONFIG.name)
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for TapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lagged { missed } => write!(f, "{missed} events were overwritten before this tap saw them"),
            Self::Invalid { sequence } => write!(f, "event {sequence} is not a valid value of its type"),
            Self::Corrupt { found } => {
                write!(
                    f,
                    "the ring is corrupt: its published cursor is {found}; something else wrote to the segment"
                )
            }
            Self::Forked => {
                f.write_str("this tap belongs to the parent process; attach again after the fork")
            }
        }
    }
}

impl Error for TapError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::testing::{Of, Site};
    use crate::ring::Stamped;
    use crate::sync::Ordering;

    #[test]
    fn a_cursor_that_cannot_be_is_an_error_until_it_is_mended() {
        let site = Site::<u64, Stamped>::new();
        let mut tx = site.create(4);
        tx.publish(7).unwrap();
        let published = tx.ring().published();
        for found in [u64::MAX, (1 << 62) + 1] {
            published.store(found, Ordering::Release);
            let mut tap = Tap::<Of<u64, Stamped>>::attach(&site.location).unwrap();
            assert_eq!(tap.try_next(), Err(TapError::Corrupt { found }));
            tap.skip_to_latest();
            assert_eq!(tap.try_next(), Err(TapError::Corrupt { found }));
            published.store(1, Ordering::Release);
            assert_eq!(tap.try_next(), Ok(Some((0, 7))));
        }
    }
}
