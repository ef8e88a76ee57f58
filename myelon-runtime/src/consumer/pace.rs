//! The pace of a consumer that keeps up with its producer.
//!
//! A stream is bound by the cache lines that move and by how closely the consumer treads on the producer's
//! heels: one that takes each event the moment it appears pulls every line across once per event.

use crate::event::RingEvent;
use crate::ring::Discipline;
use crate::ring::reader::{Corrupt, Reader};
use crate::sync::spin_hint;

/// How long it holds back before it looks again, in spins.
const HOLD_BACK: u32 = 64;

/// Whether the stream was busy at the last look.
#[derive(Debug, Default)]
pub(super) struct Pace {
    busy: bool,
}

impl Pace {
    /// Looks for events. If the last look found some, and this one finds few, lets a few more gather: that look
    /// right after an event found something again, so more are on their way. A ping-pong never pays for it.
    #[inline(always)]
    pub(super) fn look<E: RingEvent, D: Discipline>(
        &mut self,
        reader: &mut Reader<E, D>,
    ) -> Result<bool, Corrupt> {
        let found = reader.look()?;
        if D::STAMPED {
            return Ok(found);
        }
        if found && self.busy && reader.known() < D::FEW {
            return hold_back(reader);
        }
        self.busy = found;
        Ok(found)
    }

    /// The stream was seen empty.
    pub(super) fn idle(&mut self) {
        self.busy = false;
    }

    /// Events came to one who waited for them.
    pub(super) fn came(&mut self) {
        self.busy = true;
    }
}

#[inline(never)]
fn hold_back<E: RingEvent, D: Discipline>(reader: &mut Reader<E, D>) -> Result<bool, Corrupt> {
    let mut holds = D::HOLDS;
    loop {
        let before = reader.known();
        for _ in 0..HOLD_BACK {
            spin_hint();
        }
        let found = reader.look()?;
        holds -= 1;
        if holds == 0 || reader.known() == before || reader.known() >= D::FEW {
            return Ok(found);
        }
    }
}
