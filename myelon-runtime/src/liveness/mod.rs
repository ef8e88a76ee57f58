//! What to do about a consumer that holds the producer back: policy only. The clock and the evidence are
//! passed in, so every decision can be tested without processes.
//!
//! Paused is not dead: only the kernel's word that a process is gone ([`Evidence::Dead`], L1) may cost a
//! consumer its place, and then only as [`OnConsumerDeath`] says (R8).

mod policy;
mod show;
#[cfg(test)]
mod tests;

pub use policy::{DeclaredConsumer, Loss, OnDeath, OnFailure, Required, Role};

use core::time::Duration;
use std::time::Instant;

use crate::ring::gate::Gate;

/// What the producer does about a consumer that died without leaving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum OnConsumerDeath {
    /// Let it go as soon as its place in the ring is needed. If it comes back before that, it resumes where it
    /// stopped; after that it learns what it missed.
    #[default]
    Evict,
    /// Keep its place for this long after the producer first found it dead, then let it go.
    Hold(Duration),
    /// Keep its place until it comes back: the producer waits, and nothing is lost.
    HoldForever,
}

impl OnConsumerDeath {
    /// As the segment stores it, for other processes: 0 evict, `u64::MAX` for ever, else nanoseconds.
    pub(crate) fn encode(self) -> u64 {
        match self {
            Self::Evict => 0,
            Self::Hold(time) => u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).clamp(1, u64::MAX - 1),
            Self::HoldForever => u64::MAX,
        }
    }

    pub(crate) fn decode(word: u64) -> Self {
        match word {
            0 => Self::Evict,
            u64::MAX => Self::HoldForever,
            nanos => Self::Hold(Duration::from_nanos(nanos)),
        }
    }
}

/// What the kernel says of a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// Its lock is held: running, or stopped, or swapped out.
    Alive,
    /// Its lock is free: no process maps the ring under this entry any more.
    Dead,
}

/// What to do about the consumer that gates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Wait,
    Evict,
}

/// Asking the kernel costs half a microsecond: at most this often while one and the same consumer gates.
const PROBE_EVERY: Duration = Duration::from_millis(10);

/// The producer's memory of who gates, since when, and since when it is known to be dead.
#[derive(Debug)]
pub(crate) struct Watch {
    policy: OnConsumerDeath,
    gate: Gate,
    since: Option<Instant>,
    probed: Option<Instant>,
    dead_since: Option<Instant>,
}

impl Watch {
    pub(crate) fn new(policy: OnConsumerDeath) -> Self {
        Self { policy, gate: Gate::NOBODY, since: None, probed: None, dead_since: None }
    }

    /// Who gated at the last look.
    pub(crate) fn gate(&self) -> Gate {
        self.gate
    }

    /// Notes who gates now. Reads the clock only when that changed.
    pub(crate) fn observe(&mut self, gate: Gate, clock: impl FnOnce() -> Instant) {
        if gate == self.gate && self.since.is_some() {
            return;
        }
        if gate.entry != self.gate.entry {
            self.probed = None;
        }
        // A cursor that moved belongs to a consumer that lives (again).
        self.dead_since = None;
        self.gate = gate;
        self.since = Some(clock());
    }

    /// How long the consumer that gates has not moved.
    pub(crate) fn idle(&self, now: Instant) -> Duration {
        self.since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }

    /// Whether it is time to ask the kernel about the consumer that gates.
    pub(crate) fn probe_is_due(&self, now: Instant) -> bool {
        self.gate.entry.is_some()
            && self.probed.is_none_or(|probed| now.saturating_duration_since(probed) >= PROBE_EVERY)
    }

    /// What follows from the kernel's answer of this moment.
    pub(crate) fn judge(&mut self, evidence: Evidence, now: Instant) -> Verdict {
        self.probed = Some(now);
        if evidence == Evidence::Alive {
            self.dead_since = None;
            return Verdict::Wait;
        }
        let dead_since = *self.dead_since.get_or_insert(now);
        match self.policy {
            OnConsumerDeath::Evict => Verdict::Evict,
            OnConsumerDeath::Hold(time) if now.saturating_duration_since(dead_since) >= time => {
                Verdict::Evict
            }
            OnConsumerDeath::Hold(_) | OnConsumerDeath::HoldForever => Verdict::Wait,
        }
    }
}
