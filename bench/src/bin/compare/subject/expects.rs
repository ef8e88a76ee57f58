//! The same subjects of ours once more, with consumers of which something is expected: what that costs a steady stream.
//!
//! They run the very same code as the plain ones, so nothing but what was asked of the producer differs. What is called
//! `again` asks nothing, either: its ratio tells how much is chance.

use std::time::Duration;

use myelon::{Declared, Loss, OnDeath, OnFailure, ProducerBuilder, Required};

use crate::task::Mode;

/// What the producer expects of its consumers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expects {
    Nothing,
    /// That they are there, on the default terms.
    Required,
    /// The same, on terms that have everything: times, checks as often as there may be, and a callback.
    Policies,
}

/// The plain subjects, one for each way to lay out a ring, and the mode that compares them with those below.
const PLAIN: [(&str, Mode); 4] = [
    ("ours-latency", Mode::Required),
    ("ours-throughput", Mode::Required),
    ("myelon", Mode::MessageRequired),
    ("myelon-latency", Mode::MessageRequired),
];

/// Their names, and the plain ones that each is compared with.
const EXPECTING: [(&str, &str, Expects); 12] = [
    ("ours-latency-again", "ours-latency", Expects::Nothing),
    ("ours-latency-required", "ours-latency", Expects::Required),
    ("ours-latency-policies", "ours-latency", Expects::Policies),
    ("ours-throughput-again", "ours-throughput", Expects::Nothing),
    ("ours-throughput-required", "ours-throughput", Expects::Required),
    ("ours-throughput-policies", "ours-throughput", Expects::Policies),
    ("myelon-again", "myelon", Expects::Nothing),
    ("myelon-required", "myelon", Expects::Required),
    ("myelon-policies", "myelon", Expects::Policies),
    ("myelon-latency-again", "myelon-latency", Expects::Nothing),
    ("myelon-latency-required", "myelon-latency", Expects::Required),
    ("myelon-latency-policies", "myelon-latency", Expects::Policies),
];

/// The names of those that are not plain.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    EXPECTING.into_iter().map(|(name, ..)| name)
}

/// The plain one of a subject that is not.
pub(crate) fn plain_of(subject: &str) -> Option<&'static str> {
    EXPECTING.into_iter().find(|(name, ..)| *name == subject).map(|(_, plain, _)| plain)
}

/// Whether the subject, plain or not, has a part in a mode that is about this.
pub(super) fn plays(subject: &str, mode: Mode) -> bool {
    PLAIN.contains(&(plain_of(subject).unwrap_or(subject), mode))
}

impl Expects {
    pub(crate) fn of(subject: &str) -> Self {
        let found = EXPECTING.into_iter().find(|(name, ..)| *name == subject);
        found.map_or(Self::Nothing, |(.., expects)| expects)
    }

    /// Asks it of the producer, for consumers with ids `c0`, `c1` ..
    pub(super) fn ask<C: Declared>(
        self,
        builder: ProducerBuilder<C>,
        consumers: usize,
    ) -> ProducerBuilder<C> {
        let ids = (0..consumers).map(|index| format!("c{index}"));
        match self {
            Self::Nothing => builder,
            Self::Required => builder.required(ids),
            Self::Policies => {
                let second = Duration::from_secs(1);
                let policy = Required::DEFAULT
                    .startup(30 * second)
                    .stall(5 * second)
                    .grace(2 * second)
                    .check(Duration::from_millis(1))
                    .on_failure(OnFailure::Shutdown)
                    .on_death(OnDeath::Wait { time: Some(5 * second), then: Loss::Evict });
                builder.required(ids).policy(policy).on_alert(|alert| panic!("{alert}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{EXPECTING, PLAIN, plain_of, plays};
    use crate::subject::names;
    use crate::task::Mode;

    #[test]
    fn each_is_compared_with_a_plain_one_of_the_same_mode() {
        for (name, plain, _) in EXPECTING {
            let (_, mode) = PLAIN.into_iter().find(|(it, _)| *it == plain).expect("a plain one");
            assert!(names().contains(&plain) && plain_of(plain).is_none());
            assert!(plays(name, mode) && plays(plain, mode) && !plays(name, Mode::Stream), "{name}");
        }
    }
}
