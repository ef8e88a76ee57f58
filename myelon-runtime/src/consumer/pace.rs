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

/// Whether the stream was busy at the last look, and what came of holding back.
#[derive(Debug, Default)]
pub(super) struct Pace {
    busy: bool,
    chances: Chances,
}

impl Pace {
    /// Looks for events. If the last look found some, and this one finds few, lets a few more gather: that look
    /// right after an event found something again, so more are on their way. A ping-pong never pays for it, and a stream
    /// in which nothing gathers seldom does.
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
            return self.chances.hold_back(reader);
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

/// The chances to hold back: all are taken, unless nothing came of it the last times. A consumer that gets each event before
/// the next one is published would wait for nothing each time, as one in the thread of its producer does.
#[derive(Debug, Default)]
struct Chances {
    /// How many to let go by before the next one is taken.
    left: u32,
    /// How many it was after the last one in vain; 0 after one that was not.
    pause: u32,
}

/// How many chances go by at most before one is taken: then it costs a nanosecond or two per look. In a stream that is
/// slow at first and then is not, no more of them are missed.
const LONGEST_PAUSE: u32 = 1024;

impl Chances {
    /// Whether to take this one.
    #[inline(always)]
    const fn take(&mut self) -> bool {
        let taken = self.left == 0;
        if !taken {
            self.left -= 1;
        }
        taken
    }

    /// Of one that was taken: whether more came while it held back.
    const fn took(&mut self, more: bool) {
        self.pause = match self.pause {
            _ if more => 0,
            0 => 1,
            LONGEST_PAUSE.. => LONGEST_PAUSE,
            pause => pause * 2,
        };
        self.left = self.pause;
    }

    /// Few events are there, and more are on their way.
    #[inline(never)]
    fn hold_back<E: RingEvent, D: Discipline>(&mut self, reader: &mut Reader<E, D>) -> Result<bool, Corrupt> {
        if self.take() {
            let more = gather(reader, || (0..HOLD_BACK).for_each(|_| spin_hint()))?;
            self.took(more);
        }
        Ok(true)
    }
}

/// Lets a `moment` pass, and another one while more and more come. Whether more came.
fn gather<E: RingEvent, D: Discipline>(
    reader: &mut Reader<E, D>,
    mut moment: impl FnMut(),
) -> Result<bool, Corrupt> {
    let few = reader.known();
    for _ in 0..D::HOLDS {
        let before = reader.known();
        moment();
        reader.look()?;
        if reader.known() == before || reader.known() >= D::FEW {
            break;
        }
    }
    Ok(reader.known() != few)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::testing::Site;
    use crate::ring::{Dense, Stamped};

    /// How many of the next `count` chances are taken, if nothing comes of any.
    fn taken_in_vain(chances: &mut Chances, count: u32) -> u32 {
        let mut taken = 0;
        for _ in 0..count {
            if chances.take() {
                chances.took(false);
                taken += 1;
            }
        }
        taken
    }

    #[test]
    fn a_chance_is_taken_the_less_often_the_more_were_in_vain() {
        let mut chances = Chances::default();
        let mut gaps = Vec::new();
        for _ in 0..14 {
            assert!(chances.take());
            chances.took(false);
            let mut gap = 0;
            while chances.left > 0 {
                assert!(!chances.take());
                gap += 1;
            }
            gaps.push(gap);
        }
        assert_eq!(gaps, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1024, 1024, 1024]);
    }

    #[test]
    fn a_chance_of_which_something_came_makes_up_for_all_in_vain() {
        let mut chances = Chances::default();
        assert_eq!(taken_in_vain(&mut chances, 1 << 16), 73, "one in 1025, and ten before");
        while !chances.take() {}
        for _ in 0..100 {
            chances.took(true);
            assert!(chances.take(), "all are taken");
        }
        chances.took(false);
        assert_eq!(taken_in_vain(&mut chances, 4), 1, "and one in vain now and then costs one or two more");
    }

    #[test]
    fn who_gets_each_event_before_the_next_one_is_published_hardly_ever_holds_back() {
        let site = Site::<[u64; 8], Dense>::new();
        let mut tx = site.create(4);
        let mut rx = site.attach("r");
        for _ in 0..1 << 12 {
            tx.publish([0; 8]).unwrap();
            assert!(rx.recv().unwrap().is_some());
        }
        assert_eq!(rx.pace.chances.pause, LONGEST_PAUSE);
    }

    #[test]
    fn more_is_what_comes_while_one_holds_back() {
        let site = Site::<u64, Dense>::new();
        let mut tx = site.create(1024);
        let mut rx = site.attach("r");
        tx.publish(0).unwrap();
        assert!(rx.reader.look().unwrap());
        assert!(!gather(&mut rx.reader, || ()).unwrap());
        assert!(gather(&mut rx.reader, || assert_eq!(tx.publish(1).unwrap(), 1)).unwrap());
        assert_eq!(rx.reader.known(), 2, "once, for events");
    }

    #[test]
    fn stamped_events_are_never_held_back() {
        let site = Site::<u64, Stamped>::new();
        let mut tx = site.create(4);
        let mut rx = site.attach("r");
        for _ in 0..8 {
            tx.publish(7).unwrap();
            assert!(rx.recv().unwrap().is_some());
        }
        assert_eq!(rx.pace.chances.pause, 0);
    }
}
