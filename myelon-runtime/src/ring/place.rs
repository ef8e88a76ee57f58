//! What a position in the ring stands for: what joining asks of a discipline.
//!
//! In a ring of events a position is the sequence of the event there, and a reader may begin at any. In a ring of
//! records positions count units, sequences count messages, and a reader begins where a record does.

#![allow(private_interfaces, reason = "sealed: nobody outside can name or call any of it")]

use super::join::{self, Refused};
use super::records::{Records, standing_of_reader};
use super::{Dense, Discipline, Ring, Stamped};
use crate::event::RingEvent;

/// Positions and sequences. The defaults are those of events.
pub trait Place: Sized {
    /// The first place at or above `from` where a reader may begin.
    fn boundary<E: RingEvent>(_: &Ring<E, Self>, from: u64, _published: u64) -> u64 {
        from
    }

    /// A place that is not above that of `sequence`. Who dies there comes back there, so a reader may begin at it, too.
    fn not_above<E: RingEvent>(_: &Ring<E, Self>, sequence: u64, published: u64) -> u64
    where
        Self: Discipline,
    {
        sequence.min(published)
    }

    /// The place of `sequence`, for a reader whose entry gates from `first` or below, where a reader may begin.
    fn place<E: RingEvent>(
        _: &Ring<E, Self>,
        sequence: u64,
        _first: u64,
        _published: u64,
    ) -> Result<u64, Refused> {
        Ok(sequence)
    }

    /// Whether there is no place for `sequence` as things are now. Asked before an entry gates: what it looks at may be
    /// written over meanwhile, and if it cannot tell, nothing is refused.
    fn foresee<E: RingEvent>(ring: &Ring<E, Self>, sequence: u64, published: u64) -> Result<(), Refused>
    where
        Self: Discipline,
    {
        join::is_in_the_ring(ring, published, sequence, ring.oldest(published))
    }

    /// The number of the message at a place where a reader may begin, if sequences are not places.
    fn number<E: RingEvent>(_: &Ring<E, Self>, _at: u64) -> Option<u64> {
        None
    }

    /// The sequence at a consumer's cursor, beside which its page noted `noted`.
    fn sequence(cursor: u64, _noted: u64) -> u64 {
        cursor
    }

    /// The oldest sequence that is certainly still there, for people.
    fn oldest<E: RingEvent>(ring: &Ring<E, Self>) -> u64
    where
        Self: Discipline,
    {
        ring.plausible().map_or(0, |published| ring.oldest(published))
    }
}

impl Place for Stamped {}
impl Place for Dense {}

impl Place for Records {
    fn boundary<E: RingEvent>(ring: &Ring<E, Self>, from: u64, published: u64) -> u64 {
        ring.records().boundary(from, published)
    }

    fn not_above<E: RingEvent>(ring: &Ring<E, Self>, _: u64, published: u64) -> u64 {
        Self::boundary(ring, ring.oldest(published), published)
    }

    fn place<E: RingEvent>(
        ring: &Ring<E, Self>,
        sequence: u64,
        first: u64,
        published: u64,
    ) -> Result<u64, Refused> {
        ring.records().find(sequence, first, published)
    }

    fn foresee<E: RingEvent>(ring: &Ring<E, Self>, sequence: u64, published: u64) -> Result<(), Refused> {
        ring.records().foresee(sequence, published)
    }

    fn number<E: RingEvent>(ring: &Ring<E, Self>, at: u64) -> Option<u64> {
        standing_of_reader(&ring.records(), at).ok().map(|standing| standing.number)
    }

    fn sequence(_: u64, noted: u64) -> u64 {
        noted
    }

    fn oldest<E: RingEvent>(ring: &Ring<E, Self>) -> u64 {
        ring.records().oldest_number()
    }
}
