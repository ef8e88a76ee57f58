//! The helper's tap: a lossy look.

use myelon::{Tap, TapError};

use super::{Told, pair, told};
use crate::channels::{TestChannel, TestEvent};
use crate::line::Line;

/// A tap of some channel.
pub(super) trait Tapping: Send {
    fn read(&mut self, line: &Line) -> Told;
}

pub(super) struct Tapped<C: TestChannel>(pub(super) Tap<C>);

impl<C: TestChannel> Tapping for Tapped<C>
where
    Tap<C>: Send,
{
    /// `n=`: events to see; every one is compared. Or `until=`: the sequence to come to.
    fn read(&mut self, line: &Line) -> Told {
        let until = line.maybe("until").unwrap_or(u64::MAX);
        let most = line.maybe("n").unwrap_or(u64::MAX);
        let (mut seen, mut missed, first) = (0, 0, self.0.sequence());
        while seen < most && self.0.sequence() < until {
            match self.0.try_next() {
                Ok(Some((sequence, event))) => {
                    if event != C::Event::make(sequence) {
                        return Err(format!("WRONG event {sequence}: {event:?}"));
                    }
                    if sequence != first + seen + missed {
                        return Err(format!("WRONG sequence {sequence}: {first} + {seen} + {missed}"));
                    }
                    seen += 1;
                }
                Ok(None) => {
                    if line.has("now") {
                        break;
                    }
                    std::thread::yield_now();
                }
                Err(TapError::Lagged { missed: more }) => missed += more,
                Err(error) => return Err(told(error)),
            }
        }
        Ok(pair("seen", seen)
            + &pair("missed", missed)
            + &pair("first", first)
            + &pair("next", self.0.sequence()))
    }
}
