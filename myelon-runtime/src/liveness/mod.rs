//! What to do about a consumer that holds the producer back: policy only. The clock and the evidence are
//! passed in, so every decision can be tested without processes.
//!
//! Paused is not dead: only the kernel's word that a process is gone ([`Evidence::Dead`], L1) may cost a
//! consumer its place, and then only as [`OnConsumerDeath`] says (R8).

mod alert;
mod case;
mod policy;
mod show;
#[cfg(test)]
mod tests;

pub(crate) use alert::Ids;
pub use alert::{Alert, AlertKind, Lost, LostWhy};
pub(crate) use case::{Finding, Sight, Terms, Verdict};
pub(crate) use policy::POLICY_WORDS;
pub use policy::{DeclaredConsumer, Loss, OnDeath, OnFailure, Required, Role, StartWhen};

use core::time::Duration;
use std::time::Instant;

use crate::ring::gate::Gate;
use case::Case;

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

/// What is known of whoever has a place in the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// Its lock is held: running, or stopped, or swapped out.
    Alive,
    /// Its lock is free: no process maps the ring under this entry any more.
    Dead,
    /// Nobody is attached: it did not come yet, or left. Its place is kept.
    Absent,
}

/// Asking the kernel costs half a microsecond: at most this often while one and the same consumer gates.
const PROBE_EVERY: Duration = Duration::from_millis(10);
/// Who has not looked for so long did not wait. One that only ever tries has to try more often, to be one who waits.
const SILENCE: Duration = Duration::from_secs(1);
/// However often a policy wants checks, more often than this it does not get them.
const SHORTEST_CHECK: Duration = Duration::from_millis(1);

/// The producer's memory of who gates and since when, of whom it requires, and of how those are that were in its way.
#[derive(Debug)]
pub(crate) struct Watch {
    policy: OnConsumerDeath,
    required: Vec<(String, Required)>,
    gate: Gate,
    since: Option<Instant>,
    probed: Option<Instant>,
    /// When somebody last looked after anybody.
    round: Option<Instant>,
    /// Of one entry each.
    cases: Vec<(Seat, Case)>,
}

/// Whose place is judged: another consumer in the same entry is another case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seat {
    entry: u32,
    /// Of a required one, its number; it comes back as the same one.
    required: Option<usize>,
    /// Of any other, the number of the entry's owner.
    epoch: u32,
}

impl Watch {
    pub(crate) fn new(policy: OnConsumerDeath, required: Vec<(String, Required)>) -> Self {
        Self {
            policy,
            required,
            gate: Gate::NOBODY,
            since: None,
            probed: None,
            round: None,
            cases: Vec::new(),
        }
    }

    /// Whom the producer requires.
    pub(crate) fn required(&self) -> impl Iterator<Item = &str> {
        self.required.iter().map(|(id, _)| id.as_str())
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
        self.gate = gate;
        self.since = Some(clock());
    }

    /// How long the consumer that gates has not moved.
    pub(crate) fn idle(&self, now: Instant) -> Duration {
        self.since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }

    /// How often a producer that waits has to look after those in its way.
    pub(crate) fn check_every(&self) -> Option<Duration> {
        self.required.iter().map(|(_, policy)| policy.check.max(SHORTEST_CHECK)).min()
    }

    /// Whether it is time to look after those in the way.
    pub(crate) fn is_due(&self, now: Instant) -> bool {
        let every = self.check_every().map_or(PROBE_EVERY, |every| every.min(PROBE_EVERY));
        let due = |probed| now.saturating_duration_since(probed) >= every;
        self.gate.entry.is_some() && self.probed.is_none_or(due)
    }

    /// Somebody looks after those in the way now. Time in which nobody did, because nobody waited for them or this process was
    /// stopped, is held against none of them.
    pub(crate) fn probes(&mut self, now: Instant) {
        self.probed = Some(now);
        let silence =
            self.round.replace(now).map_or(Duration::ZERO, |last| now.saturating_duration_since(last));
        if silence >= SILENCE {
            for (_, case) in &mut self.cases {
                case.leave_out(silence);
            }
        }
    }

    /// What is expected of whoever has this id; and its number, if it is required.
    pub(crate) fn terms(&self, id: &str) -> (Terms, Option<usize>) {
        let found = self.required.iter().enumerate().find(|(_, (required, _))| required == id);
        match found {
            Some((index, (_, policy))) => (Terms::Required(*policy), Some(index)),
            None => (Terms::Reliable(self.policy), None),
        }
    }

    /// What follows from what `look` sees of the consumer `id` in this entry; `None` if it was asked about a moment ago.
    pub(crate) fn judge(
        &mut self,
        (entry, epoch): (u32, u32),
        id: &str,
        now: Instant,
        look: impl FnOnce(&Terms) -> Option<Sight>,
    ) -> Option<Finding> {
        let (terms, required) = self.terms(id);
        let seat = Seat { entry, required, epoch: if required.is_some() { 0 } else { epoch } };
        let known = self.cases.iter().position(|(known, _)| known.entry == entry);
        let known = known.filter(|index| self.cases.get(*index).is_some_and(|(known, _)| *known == seat));
        if let Some((_, case)) = known.and_then(|index| self.cases.get(index)) {
            if !case.is_due(&terms, now) {
                return None;
            }
        }
        let sight = look(&terms)?;
        if known.is_none() {
            self.cases.retain(|(other, _)| other.entry != entry);
            self.cases.push((seat, Case::new(sight.cursor, epoch, now)));
        }
        let (_, case) = self.cases.iter_mut().find(|(known, _)| *known == seat)?;
        Some(case.judge(&terms, sight, epoch, now))
    }

    /// Whether there was somebody in the way since the last time that there was room.
    pub(crate) fn has_cases(&self) -> bool {
        !self.cases.is_empty()
    }

    /// There is room: forgets those who moved, and returns who of them was stalled, and for how long. `cursor` tells where
    /// the consumer of an entry is now, if there is one.
    pub(crate) fn settle(
        &mut self,
        now: Instant,
        cursor: impl Fn(u32) -> Option<u64>,
    ) -> Vec<(u32, Duration)> {
        let mut recovered = Vec::new();
        self.cases.retain_mut(|(seat, case)| {
            let at = cursor(seat.entry);
            if at == Some(case.cursor()) || at.is_some() && case.is_dead() {
                case.has_room(now);
                return true;
            }
            if let (Some(_), Some((_, since))) = (at, case.stalled_at()) {
                recovered.push((seat.entry, now.saturating_duration_since(since)));
            }
            false
        });
        recovered
    }
}
