//! Kinds of messages that a consumer knows, and whether its producers mean the same by them.
//!
//! In a channel that evolves, ends of several builds may meet in one ring: each knows the first so many kinds. Those that
//! one of them has and the layout in the segment has not may be others in another build, although what is common to all
//! is the same. So each producer declares its kinds before it publishes any (`Segment::declare`), and a consumer
//! compares a kind the first time that it sees one.

use crate::codec::DecodeError;
use crate::event::LaneShape;
use crate::segment::Segment;

/// What a consumer's build knows.
#[derive(Debug)]
pub(crate) struct Kinds {
    known: &'static [LaneShape],
    /// All below this are known to be the same to the producers.
    same_below: u32,
}

impl Kinds {
    /// Those of a channel; `evolves` if producers may know others.
    pub(crate) fn new(known: &'static [LaneShape], evolves: bool) -> Self {
        // Without that the layouts were compared as a whole, and they are the same.
        Self { known, same_below: if evolves { 0 } else { u32::MAX } }
    }

    #[inline(always)]
    fn are_same(&self, kind: u16) -> bool {
        u32::from(kind) < self.same_below
    }

    /// Refuses a message of a kind that this build reads otherwise than it was written.
    #[inline(always)]
    pub(super) fn check(&mut self, kind: u16, segment: &Segment) -> Result<(), DecodeError> {
        if self.are_same(kind) { Ok(()) } else { self.check_new(kind, segment) }
    }

    #[cold]
    fn check_new(&mut self, kind: u16, segment: &Segment) -> Result<(), DecodeError> {
        if usize::from(kind) >= self.known.len() {
            // It is shown as what it is: unknown.
            return Ok(());
        }
        // A producer declares all its kinds, from the first on.
        let first_other = self.known.iter().position(|lane| !segment.is_declared(lane.kind, lane.digest()));
        self.same_below = first_other.unwrap_or(self.known.len()) as u32;
        if self.are_same(kind) {
            return Ok(());
        }
        Err(DecodeError::new("is of a kind that the build of its producer declares otherwise"))
    }
}
