//! The helper's tap: a lossy look.

use myelon::{MessageTap, Tap, TapError};

use super::{Told, create, pair, told};
use crate::channels::{TestChannel, TestEvent};
use crate::line::Line;
use crate::messages::{Sizes, TestMessages};

/// A tap of some channel.
pub(super) trait Tapping: Send {
    fn read(&mut self, line: &Line) -> Told;
}

pub(super) struct Tapped<C: TestChannel>(pub(super) Tap<C>);

struct TappedMessages<C: TestMessages>(MessageTap<C>);

/// Of a channel of messages.
pub(super) fn messages<C: TestMessages>(line: &Line) -> Result<Box<dyn Tapping>, String>
where
    MessageTap<C>: Send,
{
    let at = create::location(line).map_err(told)?;
    Ok(Box::new(TappedMessages::<C>(MessageTap::attach(at).map_err(told)?)))
}

/// `n=`: events or messages to see; every one is compared. Or `until=`: the sequence to come to. `now`: what is there.
fn read(
    line: &Line,
    first: u64,
    mut next: impl FnMut() -> Result<Option<(u64, Result<(), String>)>, TapError>,
) -> Told {
    let until = line.maybe("until").unwrap_or(u64::MAX);
    let most = line.maybe("n").unwrap_or(u64::MAX);
    let (mut seen, mut missed) = (0, 0);
    while seen < most && first + seen + missed < until {
        match next() {
            Ok(Some((sequence, is_right))) => {
                is_right?;
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
    let next = first + seen + missed;
    Ok(pair("seen", seen) + &pair("missed", missed) + &pair("first", first) + &pair("next", next))
}

impl<C: TestChannel> Tapping for Tapped<C>
where
    Tap<C>: Send,
{
    fn read(&mut self, line: &Line) -> Told {
        let first = self.0.sequence();
        let told = read(line, first, || {
            Ok(self.0.try_next()?.map(|(sequence, event)| {
                let is_right = event == C::Event::make(sequence);
                (sequence, is_right.then_some(()).ok_or(format!("WRONG event {sequence}: {event:?}")))
            }))
        })?;
        let next = pair("next", self.0.sequence());
        if told.contains(&next) { Ok(told) } else { Err(format!("WRONG: {told}, and not {next}")) }
    }
}

impl<C: TestMessages> Tapping for TappedMessages<C>
where
    MessageTap<C>: Send,
{
    fn read(&mut self, line: &Line) -> Told {
        let sizes = Sizes::of(line);
        let first = self.0.sequence();
        read(line, first, || {
            Ok(self.0.try_next()?.map(|message| {
                let meta = message.meta();
                let is_right = C::is_right(meta, sizes.at(meta.sequence), message.get());
                (meta.sequence, is_right.then_some(()).ok_or(format!("WRONG message {meta:?}")))
            }))
        })
    }
}
