//! Why something happened to a consumer, or to the stream: the policy that said so.

use core::fmt;

/// The policy that led to what a record tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LifecycleCause {
    /// [`OnConsumerDeath::Evict`](crate::liveness::OnConsumerDeath::Evict): it is let go when its place is needed.
    ConsumerDeathEvict,
    /// [`OnConsumerDeath::Hold`](crate::liveness::OnConsumerDeath::Hold): its place is kept for a time.
    ConsumerDeathHold,
    /// [`OnConsumerDeath::HoldForever`](crate::liveness::OnConsumerDeath::HoldForever): its place is kept.
    ConsumerDeathHoldForever,
    /// [`OnDeath::At`](crate::liveness::OnDeath::At) of a required one: it is let go.
    DeathEvict,
    /// The same: the stream ends.
    DeathShutdown,
    /// [`OnDeath::Wait`](crate::liveness::OnDeath::Wait) of a required one: its place is kept for a time, and then it is let go.
    DeathWaitEvict,
    /// The same, and then the stream ends.
    DeathWaitShutdown,
    /// The same, for ever.
    DeathWait,
    /// [`OnFailure::Shutdown`](crate::liveness::OnFailure::Shutdown) of a required one that stalled: the stream ends.
    FailureShutdown,
    /// It was dead, might be let go, and a newcomer needed its registry entry.
    EntryNeeded,
    /// What it would read next is overwritten.
    Overwritten,
}

impl LifecycleCause {
    pub(super) const ALL: [Self; 11] = [
        Self::ConsumerDeathEvict,
        Self::ConsumerDeathHold,
        Self::ConsumerDeathHoldForever,
        Self::DeathEvict,
        Self::DeathShutdown,
        Self::DeathWaitEvict,
        Self::DeathWaitShutdown,
        Self::DeathWait,
        Self::FailureShutdown,
        Self::EntryNeeded,
        Self::Overwritten,
    ];

    /// Its number in a segment, 1 to 15. Part of the format: a number that a reader does not know is as good as none.
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::ConsumerDeathEvict => 1,
            Self::ConsumerDeathHold => 2,
            Self::ConsumerDeathHoldForever => 3,
            Self::DeathEvict => 4,
            Self::DeathShutdown => 5,
            Self::DeathWaitEvict => 6,
            Self::DeathWaitShutdown => 7,
            Self::DeathWait => 8,
            Self::FailureShutdown => 9,
            Self::EntryNeeded => 10,
            Self::Overwritten => 11,
        }
    }

    pub(super) fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.code() == code)
    }
}

impl fmt::Display for LifecycleCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ConsumerDeathEvict => "on_consumer_death: evict",
            Self::ConsumerDeathHold => "on_consumer_death: hold for a time",
            Self::ConsumerDeathHoldForever => "on_consumer_death: hold for ever",
            Self::DeathEvict => "on_death: evict",
            Self::DeathShutdown => "on_death: shutdown",
            Self::DeathWaitEvict => "on_death: wait, then evict",
            Self::DeathWaitShutdown => "on_death: wait, then shutdown",
            Self::DeathWait => "on_death: wait for ever",
            Self::FailureShutdown => "on_failure: shutdown",
            Self::EntryNeeded => "its entry was needed",
            Self::Overwritten => "what comes next is overwritten",
        })
    }
}
