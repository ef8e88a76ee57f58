//! One measurement, and how it is told to the processes that make it.

use std::fmt;
use std::str::FromStr;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    RoundTrip,
    Stream,
    Batch,
    Rate,
    Idle,
    Consumers,
    Size,
}

impl Mode {
    pub(crate) const ALL: [Self; 7] =
        [Self::RoundTrip, Self::Stream, Self::Batch, Self::Rate, Self::Idle, Self::Consumers, Self::Size];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RoundTrip => "roundtrip",
            Self::Stream => "stream",
            Self::Batch => "batch",
            Self::Rate => "rate",
            Self::Idle => "idle",
            Self::Consumers => "consumers",
            Self::Size => "size",
        }
    }

    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::RoundTrip => "there and back over two channels, ns",
            Self::Stream => "events published one by one, million a second",
            Self::Batch => "events published in batches of 64, million a second",
            Self::Rate => "from when each event was due to when it was received, ns",
            Self::Idle => "a consumer that waits for two seconds, % of a core; from publish to awake, ns",
            Self::Consumers => "events published one by one to several consumers, million a second",
            Self::Size => "shared memory for 4096 events and 16 consumers, KiB",
        }
    }

    /// The sizes of events that are measured unless the command line says which.
    pub(crate) fn sizes(self) -> &'static [usize] {
        match self {
            Self::RoundTrip => &[8, 32, 56, 64, 128, 256],
            Self::Stream => &[8, 32, 64, 256],
            Self::Batch => &[8, 32, 64],
            Self::Rate | Self::Idle | Self::Consumers => &[32],
            Self::Size => &[64],
        }
    }

    /// What a mode is repeated with: events a second, or consumers.
    pub(crate) fn variants(self) -> &'static [u64] {
        match self {
            Self::Rate => &[100_000, 1_000_000],
            Self::Consumers => &[1, 2, 3],
            _ => &[0],
        }
    }

    pub(crate) fn variant_name(self, variant: u64) -> String {
        match self {
            Self::Rate => format!("{} k/s", variant / 1000),
            Self::Consumers => format!("{variant} consumer{}", if variant == 1 { "" } else { "s" }),
            _ => String::new(),
        }
    }

    /// How many events are sent.
    pub(crate) fn count(self, variant: u64) -> u64 {
        match self {
            Self::RoundTrip => 20_000,
            Self::Stream | Self::Batch => 1_000_000,
            Self::Rate => variant / 5,
            Self::Idle => 200,
            Self::Consumers => 300_000,
            Self::Size => 0,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Mode {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|mode| mode.name() == name).ok_or(())
    }
}

/// The sizes of events for which the subjects are compiled.
pub(crate) const SIZES: [usize; 6] = [8, 32, 56, 64, 128, 256];

/// One measurement of one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Task {
    pub(crate) subject: String,
    pub(crate) mode: Mode,
    pub(crate) size: usize,
    pub(crate) variant: u64,
    pub(crate) count: u64,
    /// Part of every name that the subject gives to something on this machine.
    pub(crate) token: String,
    /// Bits of the clock's rate.
    pub(crate) rate: u64,
}

impl Task {
    pub(crate) fn consumers(&self) -> usize {
        if self.mode == Mode::Consumers { self.variant as usize } else { 1 }
    }

    pub(crate) fn to_arguments(&self) -> Vec<String> {
        vec![
            self.subject.clone(),
            self.mode.to_string(),
            self.size.to_string(),
            self.variant.to_string(),
            self.count.to_string(),
            self.token.clone(),
            self.rate.to_string(),
        ]
    }

    pub(crate) fn from_arguments(arguments: &[String]) -> Option<Self> {
        let [subject, mode, size, variant, count, token, rate] = arguments else { return None };
        Some(Self {
            subject: subject.clone(),
            mode: mode.parse().ok()?,
            size: size.parse().ok()?,
            variant: variant.parse().ok()?,
            count: count.parse().ok()?,
            token: token.clone(),
            rate: rate.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Mode, Task};

    #[test]
    fn a_task_survives_the_command_line() {
        let task = Task {
            subject: "bare-dense".into(),
            mode: Mode::Rate,
            size: 32,
            variant: 100_000,
            count: 5,
            token: "t1".into(),
            rate: 9,
        };
        assert_eq!(Task::from_arguments(&task.to_arguments()), Some(task));
    }
}
