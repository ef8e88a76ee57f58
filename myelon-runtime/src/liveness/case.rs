//! One consumer that is in the producer's way: what follows from what is seen of it, and when. Pure.

use core::time::Duration;
use std::time::Instant;

use crate::lifecycle::LifecycleCause;

use super::{AlertKind, Evidence, Loss, LostWhy, OnConsumerDeath, OnDeath, OnFailure, PROBE_EVERY, Required};

/// What is expected of a consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Terms {
    /// Nobody requires it.
    Reliable(OnConsumerDeath),
    Required(Required),
}

impl Terms {
    /// What follows from its death.
    pub(crate) fn of_death(&self) -> LifecycleCause {
        match self {
            Self::Reliable(OnConsumerDeath::Evict) => LifecycleCause::ConsumerDeathEvict,
            Self::Reliable(OnConsumerDeath::Hold(_)) => LifecycleCause::ConsumerDeathHold,
            Self::Reliable(OnConsumerDeath::HoldForever) => LifecycleCause::ConsumerDeathHoldForever,
            Self::Required(policy) => match policy.on_death {
                OnDeath::At(Loss::Evict) => LifecycleCause::DeathEvict,
                OnDeath::At(Loss::Shutdown) => LifecycleCause::DeathShutdown,
                OnDeath::Wait { time: None, .. } => LifecycleCause::DeathWait,
                OnDeath::Wait { time: Some(_), then: Loss::Evict } => LifecycleCause::DeathWaitEvict,
                OnDeath::Wait { time: Some(_), then: Loss::Shutdown } => LifecycleCause::DeathWaitShutdown,
            },
        }
    }

    /// Which policy ends the stream because of it.
    pub(crate) fn of_loss(&self, why: LostWhy) -> LifecycleCause {
        match why {
            LostWhy::Stalled => LifecycleCause::FailureShutdown,
            LostWhy::Died => self.of_death(),
        }
    }

    /// How often the kernel is asked about it.
    pub(crate) fn check(&self) -> Duration {
        match self {
            Self::Reliable(_) => PROBE_EVERY,
            Self::Required(policy) => policy.check,
        }
    }
}

/// What is seen of a consumer at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sight {
    pub(crate) cursor: u64,
    pub(crate) evidence: Evidence,
    /// Whether the producer waits for it.
    pub(crate) awaited: bool,
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Wait,
    /// Dead, and may be let go.
    Evict,
    /// Nobody is attached there, and nobody requires it any more.
    Release,
    /// It did not attach in time.
    Missing,
    /// The stream ends.
    Shutdown(LostWhy),
}

/// A verdict, and what is to be said about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) verdict: Verdict,
    pub(crate) news: Option<AlertKind>,
    /// How long it has been as it is, or was as it is no more.
    pub(crate) lasted: Duration,
}

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    /// Alive; told to be stalled at that moment, if it was.
    Alive {
        told: Option<Instant>,
    },
    Dead,
    Absent,
}

/// What the producer remembers of it.
#[derive(Debug)]
pub(super) struct Case {
    cursor: u64,
    /// The number of the entry's owner: a required one that comes back is another one, in the same case.
    owner: u32,
    /// Since when it is as it is and, unless it is dead, is waited for and stands where it stands.
    since: Instant,
    condition: Condition,
    asked: Option<Instant>,
}

impl Case {
    pub(super) fn new(cursor: u64, owner: u32, now: Instant) -> Self {
        Self { cursor, owner, since: now, condition: Condition::Alive { told: None }, asked: None }
    }

    /// Whether it is time to ask the kernel about it.
    pub(super) fn is_due(&self, terms: &Terms, now: Instant) -> bool {
        self.asked.is_none_or(|asked| now.saturating_duration_since(asked) >= terms.check())
    }

    /// Where it stood at the last look, if it was told to be stalled there; and since when it is.
    pub(super) fn stalled_at(&self) -> Option<(u64, Instant)> {
        matches!(self.condition, Condition::Alive { told: Some(_) }).then_some((self.cursor, self.since))
    }

    pub(super) fn cursor(&self) -> u64 {
        self.cursor
    }

    /// Whether it is known to be dead; since when is to be remembered.
    pub(super) fn is_dead(&self) -> bool {
        self.condition == Condition::Dead
    }

    /// So long nobody looked. The dead were dead meanwhile.
    pub(super) fn leave_out(&mut self, silence: Duration) {
        if self.is_dead() {
            return;
        }
        self.since += silence;
        if let Condition::Alive { told: Some(told) } = &mut self.condition {
            *told += silence;
        }
    }

    /// The producer does not wait for it at the moment.
    pub(super) fn has_room(&mut self, now: Instant) {
        if matches!(self.condition, Condition::Absent | Condition::Alive { told: None }) {
            self.since = now;
        }
    }

    /// What follows from what is seen now.
    pub(super) fn judge(&mut self, terms: &Terms, sight: Sight, owner: u32, now: Instant) -> Finding {
        self.asked = Some(now);
        let before = (self.condition, now.saturating_duration_since(self.since));
        // It came back since the last look. Whatever lasted before, this one has not been dead or stalled for so long.
        let another = owner != self.owner;
        let moved = another || sight.cursor != self.cursor;
        (self.cursor, self.owner) = (sight.cursor, owner);
        let condition = match (sight.evidence, self.condition) {
            (Evidence::Dead, _) => Condition::Dead,
            (Evidence::Absent, _) => Condition::Absent,
            (Evidence::Alive, Condition::Alive { told }) => {
                Condition::Alive { told: told.filter(|_| !moved) }
            }
            (Evidence::Alive, _) => Condition::Alive { told: None },
        };
        let changed =
            another || core::mem::discriminant(&condition) != core::mem::discriminant(&self.condition);
        self.condition = condition;
        // The dead do not move, and their time does not depend on who waits.
        if changed || condition != Condition::Dead && (moved || !sight.awaited) {
            self.since = now;
        }
        let lasted = now.saturating_duration_since(self.since);
        let Terms::Required(policy) = terms else {
            return Finding { verdict: self.of_anybody(terms, lasted), news: None, lasted };
        };
        let back = match before.0 {
            Condition::Alive { told: Some(_) } if moved && sight.evidence == Evidence::Alive => {
                Some(AlertKind::Recovered)
            }
            Condition::Dead if sight.evidence == Evidence::Alive => Some(AlertKind::Resumed),
            _ => None,
        };
        if back.is_some() {
            return Finding { verdict: Verdict::Wait, news: back, lasted: before.1 };
        }
        match condition {
            Condition::Absent => {
                let late = sight.awaited && policy.startup.is_some_and(|time| lasted >= time);
                Finding { verdict: if late { Verdict::Missing } else { Verdict::Wait }, news: None, lasted }
            }
            Condition::Dead => {
                let news = changed.then_some(AlertKind::Died);
                Finding { verdict: of_the_dead(policy.on_death, lasted), news, lasted }
            }
            Condition::Alive { told } => {
                let (verdict, news) = self.of_the_living(policy, told, lasted, now);
                Finding { verdict, news, lasted }
            }
        }
    }

    /// What follows for one that nobody requires.
    fn of_anybody(&self, terms: &Terms, lasted: Duration) -> Verdict {
        let Terms::Reliable(on_death) = terms else { return Verdict::Wait };
        match (self.condition, on_death) {
            (Condition::Absent, _) => Verdict::Release,
            (Condition::Dead, OnConsumerDeath::Evict) => Verdict::Evict,
            (Condition::Dead, OnConsumerDeath::Hold(time)) if lasted >= *time => Verdict::Evict,
            _ => Verdict::Wait,
        }
    }

    fn of_the_living(
        &mut self,
        policy: &Required,
        told: Option<Instant>,
        lasted: Duration,
        now: Instant,
    ) -> (Verdict, Option<AlertKind>) {
        let Some(stall) = policy.stall.filter(|stall| lasted >= *stall) else { return (Verdict::Wait, None) };
        let Some(at) = told else {
            self.condition = Condition::Alive { told: Some(now) };
            return (Verdict::Wait, Some(AlertKind::Stalled));
        };
        let since = now.saturating_duration_since(at);
        match policy.on_failure {
            OnFailure::Shutdown if since >= policy.grace => (Verdict::Shutdown(LostWhy::Stalled), None),
            // Not at every check, even if it may never stand still.
            OnFailure::Block if since >= stall.max(policy.grace).max(policy.check) => {
                self.condition = Condition::Alive { told: Some(now) };
                (Verdict::Wait, Some(AlertKind::Stalled))
            }
            OnFailure::Shutdown | OnFailure::Block | OnFailure::AlertOnly => (Verdict::Wait, None),
        }
    }
}

fn of_the_dead(policy: OnDeath, lasted: Duration) -> Verdict {
    let loss = match policy {
        OnDeath::At(loss) => loss,
        OnDeath::Wait { time: Some(time), then } if lasted >= time => then,
        OnDeath::Wait { .. } => return Verdict::Wait,
    };
    match loss {
        Loss::Evict => Verdict::Evict,
        Loss::Shutdown => Verdict::Shutdown(LostWhy::Died),
    }
}
