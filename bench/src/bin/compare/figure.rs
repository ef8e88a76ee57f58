//! What each mode tells, which way is better, and what is aimed at.

use crate::task::Mode;

/// A figure of a mode.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figure {
    /// Its name in the samples.
    pub(crate) key: &'static str,
    /// Its name for people.
    pub(crate) name: &'static str,
    pub(crate) better: Better,
}

/// Which way a figure gets better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Better {
    More,
    Less,
    /// It is told, and not compared.
    Told,
}

impl Better {
    /// How many times better `mine` is.
    pub(crate) fn ratio(self, mine: f64, theirs: f64) -> Option<f64> {
        match self {
            Self::More => Some(mine / theirs),
            Self::Less => Some(theirs / mine),
            Self::Told => None,
        }
    }
}

const fn more(key: &'static str, name: &'static str) -> Figure {
    Figure { key, name, better: Better::More }
}

const fn less(key: &'static str, name: &'static str) -> Figure {
    Figure { key, name, better: Better::Less }
}

const fn told(key: &'static str, name: &'static str) -> Figure {
    Figure { key, name, better: Better::Told }
}

/// The figures of a mode, as they are told.
pub(crate) fn figures(mode: Mode) -> &'static [Figure] {
    const TIMES: &[Figure] = &[less("p50", "p50"), less("p99", "p99")];
    const RATE: &[Figure] = &[more("rate", "M/s")];
    const IDLE: &[Figure] =
        &[less("cpu", "% of a core"), less("wake_p50", "wake p50"), less("wake_p99", "wake p99")];
    const SIZE: &[Figure] = &[less("kib", "KiB")];
    const MESSAGES: &[Figure] = &[more("rate", "M/s"), told("bytes", "GB/s")];
    const BULK: &[Figure] = &[more("bytes", "GB/s")];
    const RKYV: &[Figure] = &[
        more("rate", "M/s"),
        told("allocations_tx", "allocations to publish"),
        told("allocations_rx", "and to receive"),
    ];
    match mode {
        Mode::RoundTrip | Mode::Rate | Mode::MessageRoundTrip => TIMES,
        Mode::Stream | Mode::Batch | Mode::Consumers | Mode::Required => RATE,
        Mode::Idle => IDLE,
        Mode::Size | Mode::MessageMemory => SIZE,
        Mode::MessageStream | Mode::MessageRequired => MESSAGES,
        Mode::MessageBulk => BULK,
        Mode::MessageRkyv => RKYV,
    }
}

/// How many times better than `other` the project means to be. Of several frames of one peer, the best one counts.
pub(crate) fn aim(mode: Mode, size: usize, other: &str) -> Option<f64> {
    let alpha = other.starts_with("myelon-alpha");
    match mode {
        Mode::MessageStream if alpha => match size {
            64 => Some(2.0),
            1024 => Some(1.5),
            _ => Some(1.3),
        },
        Mode::MessageRoundTrip if alpha => Some(1.2),
        Mode::MessageBulk if alpha => Some(1.5),
        Mode::MessageBulk if other.starts_with("memcpy") => Some(0.7),
        Mode::MessageRkyv if alpha => Some(2.0),
        Mode::MessageMemory if alpha => Some(10.0),
        Mode::Required | Mode::MessageRequired => Some(0.98),
        _ => None,
    }
}

/// Under which name a peer that comes in several forms stands: of those, the one that is best in a round counts.
pub(crate) fn family(subject: &str) -> &str {
    if subject.starts_with("myelon-alpha") { "myelon-alpha" } else { subject }
}

#[cfg(test)]
mod tests {
    use super::{Better, aim};
    use crate::task::Mode;

    #[test]
    fn twice_as_good_is_two_either_way() {
        assert_eq!(Better::More.ratio(4.0, 2.0), Some(2.0));
        assert_eq!(Better::Less.ratio(2.0, 4.0), Some(2.0));
        assert_eq!(Better::Told.ratio(2.0, 4.0), None);
    }

    #[test]
    fn aims_are_for_the_peer_they_name() {
        assert_eq!(aim(Mode::MessageStream, 64, "myelon-alpha-64k"), Some(2.0));
        assert_eq!(aim(Mode::MessageBulk, 1 << 20, "memcpy"), Some(0.7));
        assert_eq!(aim(Mode::MessageStream, 64, "iceoryx2"), None);
        assert_eq!(aim(Mode::Required, 32, "ours-latency"), Some(0.98));
    }
}
