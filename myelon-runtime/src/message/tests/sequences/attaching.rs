//! Where consumers begin, against the model.

use super::ops::From;
use super::walk::Walk;
use super::world::{Holds, Live, Seat, World};
use crate::ring::Start;
use crate::segment::AttachError;

/// Why a start is not to be had.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    NotKnown,
    Evicted { at: u64, missed: u64 },
    Gone { oldest: u64 },
    Ahead { published: u64 },
}

impl Refusal {
    fn of(error: &AttachError) -> Self {
        match error {
            AttachError::NotKnown { .. } => Self::NotKnown,
            AttachError::Evicted { at, missed, .. } => Self::Evicted { at: *at, missed: *missed },
            AttachError::Gone { oldest, .. } => Self::Gone { oldest: *oldest },
            AttachError::Ahead { published, .. } => Self::Ahead { published: *published },
            other => panic!("{other}"),
        }
    }
}

impl World {
    /// Where a consumer should begin, and whether it resumes.
    fn expected_place(&self, seat: &Seat, start: Option<Start>) -> Result<(u64, bool), Refusal> {
        let resumes = matches!(start, None | Some(Start::Resume));
        let evicted = |at| {
            let missed = self.ring().oldest_number().saturating_sub(at);
            Err(Refusal::Evicted { at, missed })
        };
        match seat {
            Seat::Unknown if start == Some(Start::Resume) => Err(Refusal::NotKnown),
            Seat::Dead(left) if resumes => Ok((left.cursor, true)),
            Seat::Detached(left) if resumes && left.cursor >= self.model.oldest() => Ok((left.cursor, true)),
            Seat::Detached(left) | Seat::Evicted(left) if resumes => evicted(left.number),
            // It gates, so all is there from where it stopped.
            Seat::Dead(left) => Ok((self.place(start.unwrap_or(Start::Latest), left.cursor)?, false)),
            _ => Ok((self.place(start.unwrap_or(Start::Latest), u64::MAX)?, false)),
        }
    }

    /// Where a start is, of one that has gated from `kept` on.
    pub(super) fn place(&self, start: Start, kept: u64) -> Result<u64, Refusal> {
        let model = &self.model;
        let boundary = self.ring().boundary(model.oldest(), model.published).min(kept);
        match start {
            Start::Oldest => Ok(boundary),
            Start::At(number) if number > model.number() => Err(Refusal::Ahead { published: model.number() }),
            Start::At(number) if number < model.number() => {
                let begin = model.messages[number as usize].begin;
                let mut later = model.messages[number as usize..].iter().zip(number..);
                let oldest = later.find(|(message, _)| message.begin >= boundary);
                let oldest = oldest.map_or(model.number(), |(_, oldest)| oldest);
                if begin < boundary { Err(Refusal::Gone { oldest }) } else { Ok(begin) }
            }
            _ => Ok(model.published),
        }
    }

    pub(super) fn attach(&mut self, who: usize, start: From, short: bool) {
        if matches!(self.seats[who], Seat::Live(_)) {
            return;
        }
        let number = self.model.number();
        let start = match start {
            From::Default => None,
            From::Latest => Some(Start::Latest),
            From::Oldest => Some(Start::Oldest),
            From::Resume => Some(Start::Resume),
            From::Behind(by) => Some(Start::At(number.saturating_sub(by))),
            From::Ahead => Some(Start::At(number + 1)),
        };
        let max = if short { self.ring_bytes / 2 } else { 1 << 20 };
        let mut builder = self.site.consumer(["a", "b", "c"][who]).max_message(max as u64);
        if let Some(start) = start {
            builder = builder.start(start);
        }
        let expected = self.expected_place(&self.seats[who], start);
        let built = builder.build();
        let seat = core::mem::replace(&mut self.seats[who], Seat::Unknown);
        self.seats[who] = match (built, expected) {
            (Ok(rx), Ok((at, resumed))) => {
                assert_eq!(rx.core.reader.next(), at);
                let owed = match &seat {
                    Seat::Dead(left) | Seat::Detached(left) if resumed => left.owes,
                    _ => None,
                };
                let walk = Walk::begin(&self.model, at, owed, max);
                Seat::Live(Live { rx, walk, holds: Holds::Nothing })
            }
            (Err(error), Err(refusal)) => {
                assert_eq!(Refusal::of(&error), refusal);
                match seat {
                    Seat::Detached(left) if matches!(refusal, Refusal::Evicted { .. }) => Seat::Evicted(left),
                    seat => seat,
                }
            }
            (built, expected) => panic!("{built:?}, and not {expected:?}"),
        };
    }
}
