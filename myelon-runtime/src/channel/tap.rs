//! Watching a channel without taking part: the lossy read (R7).

use core::fmt;
use core::marker::PhantomData;
use std::error::Error;

use super::{Channel, LossyOptions, MessageChannel, open};
use crate::consumer::{LossyConsumer, RecvError};
use crate::location::IntoLocation;
use crate::message::{LossyMessage, MessageLossyConsumer};
use crate::ring::Sequence;
use crate::segment::AttachError;

/// A read-only look into a live channel: never holds the producer back, never seen by anybody, and may miss
/// events, which it says.
///
/// A quarter of the ring, at least one event, is always about to be overwritten: a tap does not see that part, and on a
/// ring of one event it sees nothing.
///
/// It maps the segment read-only and takes no registry entry and no lock, so it can be attached to any channel
/// by a tool without disturbing it. Events come by value. It does not wait and is not told of ends: for programs there is
/// [`LossyConsumer`].
pub struct Tap<C: Channel> {
    events: LossyConsumer<C::Event, C::Slots>,
    channel: PhantomData<fn() -> C>,
}

/// The same for a channel of messages.
///
/// A message in fragments is joined in memory of this process, up to the attribute's `max_message`. One that is longer than
/// three quarters of the ring can only be read while it is written.
pub struct MessageTap<C: MessageChannel> {
    messages: MessageLossyConsumer<C::Format>,
    channel: PhantomData<fn() -> C>,
}

/// Why a tap has no event or message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TapError {
    /// The producer overtook this tap. The next call goes on at the oldest event or message that is there; nearer to the
    /// newest if it was overtaken again at once.
    Lagged {
        /// How many were missed.
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
    /// As for a consumer of messages: this one is not whole, too long, or not of its format; or what is there is no record.
    Message(RecvError),
}

impl From<RecvError> for TapError {
    fn from(error: RecvError) -> Self {
        match error {
            RecvError::Lagged { missed } => Self::Lagged { missed },
            RecvError::Invalid { sequence } => Self::Invalid { sequence },
            RecvError::Corrupt { found, .. } => Self::Corrupt { found },
            RecvError::Forked => Self::Forked,
            error => Self::Message(error),
        }
    }
}

impl<C: Channel> Tap<C> {
    /// Looks into the channel at `at`, from the oldest event that is there.
    ///
    /// # Errors
    /// [`AttachError`], as for a consumer.
    pub fn attach(at: impl IntoLocation) -> Result<Self, AttachError> {
        Ok(Self { events: open::lossy::<C>(LossyOptions::of_tap(at))?, channel: PhantomData })
    }

    /// The next event and its sequence; `None` if it is not published yet.
    ///
    /// # Errors
    /// [`TapError::Lagged`] says how many were missed; the next call goes on behind the gap.
    pub fn try_next(&mut self) -> Result<Option<(Sequence, C::Event)>, TapError> {
        Ok(self.events.read()?)
    }

    /// The sequence that is looked for next.
    pub fn sequence(&self) -> Sequence {
        self.events.sequence()
    }

    /// Skips what is there: the next event is one that is not published yet.
    pub fn skip_to_latest(&mut self) {
        self.events.skip_to_latest();
    }
}

impl<C: MessageChannel> MessageTap<C> {
    /// Looks into the channel at `at`, from the oldest message that is there.
    ///
    /// # Errors
    /// [`AttachError`], as for a consumer.
    pub fn attach(at: impl IntoLocation) -> Result<Self, AttachError> {
        Ok(Self { messages: open::message_lossy::<C>(LossyOptions::of_tap(at))?, channel: PhantomData })
    }

    /// The next message; `None` if it is not published yet, or not all of it.
    ///
    /// # Errors
    /// [`TapError::Lagged`] says how many were missed; the next call goes on behind the gap.
    pub fn try_next(&mut self) -> Result<Option<LossyMessage<'_, C::Format>>, TapError> {
        Ok(self.messages.read()?)
    }

    /// The number of the message that is looked for next, as far as it is known: if the producer overtook it while it attached
    /// or skipped, a guess until the first one, which may be lower or higher.
    pub fn sequence(&self) -> Sequence {
        self.messages.sequence()
    }

    /// Skips what is there: the next message is one that is not published yet.
    pub fn skip_to_latest(&mut self) {
        self.messages.skip_to_latest();
    }
}

impl<C: MessageChannel> fmt::Debug for MessageTap<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageTap")
            .field("channel", &C::CONFIG.name)
            .field("next", &self.sequence())
            .finish_non_exhaustive()
    }
}

impl<C: Channel> fmt::Debug for Tap<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tap")
            .field("channel", &C::CONFIG.name)
            .field("next", &self.sequence())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for TapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lagged { missed } => {
                write!(f, "{missed} events or messages were overwritten before this tap saw them")
            }
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
            Self::Message(error) => error.fmt(f),
        }
    }
}

impl Error for TapError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            // Its text is in ours already.
            Self::Message(error) => error.source(),
            _ => None,
        }
    }
}

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
