//! How a channel is: who is there, who holds it up, and what happened last.

use core::time::Duration;

use super::{ConsumerSnapshot, ConsumerState, Snapshot};
use crate::lifecycle::History;
use crate::location::IntoLocation;
use crate::segment::{self, AttachError, Segment};

/// How a channel is at one moment: everybody who takes part, alive or dead, how far it is behind and for how long it has not
/// moved, what is expected of it, and the last lifecycle records. `Display` prints it for people.
///
/// Taking one disturbs nobody, as a [`Snapshot`], and needs nobody: it works as well when all are dead.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Health {
    /// Who takes part, and how far each has got.
    pub snapshot: Snapshot,
    /// What happened to them.
    pub history: History,
}

impl Health {
    /// Looks at the channel at `at`, whatever it carries.
    ///
    /// # Errors
    /// [`AttachError`], as far as it applies to one who only looks.
    pub fn take(at: impl IntoLocation) -> Result<Self, AttachError> {
        let (segment, header, layout) = segment::inspect(&at.into_location()?)?;
        let history = segment.history();
        Ok(Self { snapshot: Snapshot::of(&segment, header, layout, &history), history })
    }

    /// Of the channel of an end.
    pub(crate) fn of(segment: &Segment) -> Result<Self, AttachError> {
        let (header, layout) = segment::described(segment)?;
        let history = segment.history();
        Ok(Self { snapshot: Snapshot::of(segment, header, layout, &history), history })
    }

    /// Compares with an `earlier` look at the same channel: whoever stands where it stood then has not moved for at least as
    /// long. A program that looks again and again so knows everybody's idle time.
    #[must_use]
    pub fn since(mut self, earlier: &Self) -> Self {
        let (now, then) = (&mut self.snapshot, &earlier.snapshot);
        let passed = now.moment.saturating_sub(then.moment);
        let longer = |idle: &mut Option<Duration>, before: Option<Duration>| {
            *idle = (*idle).max(Some(before.unwrap_or_default() + passed));
        };
        let (ours, theirs) = (&mut now.producer, &then.producer);
        if (ours.epoch, ours.published) == (theirs.epoch, theirs.published) {
            longer(&mut ours.idle, theirs.idle);
        }
        for ours in &mut now.consumers {
            let stood = |theirs: &&ConsumerSnapshot| {
                (theirs.entry, &theirs.id, theirs.since, theirs.cursor)
                    == (ours.entry, &ours.id, ours.since, ours.cursor)
            };
            if let Some(theirs) = then.consumers.iter().find(stood) {
                longer(&mut ours.idle, theirs.idle);
            }
        }
        self
    }

    /// The consumer that is furthest behind of those that hold the producer back: attached ones, and required ones that are
    /// not there.
    pub fn slowest(&self) -> Option<&ConsumerSnapshot> {
        let gates = |consumer: &&ConsumerSnapshot| {
            matches!(consumer.state, ConsumerState::Attached | ConsumerState::Reserved)
        };
        self.snapshot.consumers.iter().filter(gates).max_by_key(|consumer| consumer.lag_bytes)
    }

    /// What the producer knows better: for how long the consumer of an entry has not moved.
    pub(crate) fn note_idle(&mut self, entry: u32, idle: Duration) {
        if let Some(consumer) = self.snapshot.consumers.iter_mut().find(|consumer| consumer.entry == entry) {
            consumer.idle = consumer.idle.max(Some(idle));
        }
    }
}
