//! One measurement, and how it is told to the processes that make it.

use std::fmt;
use std::str::FromStr;

use myelon_bench::message::Lengths;

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
    Required,
    MessageStream,
    MessageRoundTrip,
    MessageBulk,
    MessageRkyv,
    MessageMemory,
    MessageRequired,
}

impl Mode {
    pub(crate) const ALL: [Self; 14] = [
        Self::RoundTrip,
        Self::Stream,
        Self::Batch,
        Self::Rate,
        Self::Idle,
        Self::Consumers,
        Self::Size,
        Self::Required,
        Self::MessageStream,
        Self::MessageRoundTrip,
        Self::MessageBulk,
        Self::MessageRkyv,
        Self::MessageMemory,
        Self::MessageRequired,
    ];

    /// Whether it sends messages of any length, not events of a fixed size.
    pub(crate) fn is_of_messages(self) -> bool {
        use Mode::{
            MessageBulk, MessageMemory, MessageRequired, MessageRkyv, MessageRoundTrip, MessageStream,
        };
        matches!(
            self,
            MessageStream | MessageRoundTrip | MessageBulk | MessageRkyv | MessageMemory | MessageRequired
        )
    }

    /// Whether it goes there and back, over a second channel.
    pub(crate) fn is_there_and_back(self) -> bool {
        matches!(self, Self::RoundTrip | Self::MessageRoundTrip)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RoundTrip => "roundtrip",
            Self::Stream => "stream",
            Self::Batch => "batch",
            Self::Rate => "rate",
            Self::Idle => "idle",
            Self::Consumers => "consumers",
            Self::Size => "size",
            Self::Required => "required",
            Self::MessageStream => "message-stream",
            Self::MessageRoundTrip => "message-roundtrip",
            Self::MessageBulk => "message-bulk",
            Self::MessageRkyv => "message-rkyv",
            Self::MessageMemory => "message-memory",
            Self::MessageRequired => "message-required",
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
            Self::Required => {
                "events published one by one to a consumer that is required, and to one that is not, million a second"
            }
            Self::MessageStream => "messages published one by one, million a second and GB/s",
            Self::MessageRoundTrip => "messages there and back over two channels, ns",
            Self::MessageBulk => "long messages published one by one, GB/s",
            Self::MessageRkyv => {
                "an archived structure published, one field of it read in place, million a second"
            }
            Self::MessageMemory => {
                "shared memory that holds 1024 messages of 64 B to 64 KiB, none received yet, KiB"
            }
            Self::MessageRequired => "the same as `required` with messages, million a second",
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
            Self::Required => &[8, 32, 256],
            Self::MessageStream => &[64, 1 << 10, 16 << 10],
            Self::MessageRoundTrip | Self::MessageRequired => &[64, 1 << 10],
            Self::MessageBulk => &[1 << 20],
            Self::MessageRkyv => &[4 << 10],
            // The longest of a mix.
            Self::MessageMemory => &[64 << 10],
        }
    }

    /// Whether the subjects of this mode are compiled for that size.
    pub(crate) fn has_size(self, size: usize) -> bool {
        if self.is_of_messages() { self.sizes().contains(&size) } else { SIZES.contains(&size) }
    }

    /// What a mode is repeated with: events a second, consumers, or mixes of lengths.
    pub(crate) fn variants(self) -> &'static [u64] {
        match self {
            Self::Rate => &[100_000, 1_000_000],
            Self::Consumers => &[1, 2, 3],
            Self::MessageMemory => &[0, 1],
            _ => &[0],
        }
    }

    pub(crate) fn variant_name(self, variant: u64) -> String {
        match self {
            Self::Rate => format!("{} k/s", variant / 1000),
            Self::Consumers => format!("{variant} consumer{}", if variant == 1 { "" } else { "s" }),
            Self::MessageMemory if variant == 0 => "mostly small".to_owned(),
            Self::MessageMemory => "all lengths alike".to_owned(),
            _ => String::new(),
        }
    }

    /// How many events or messages are sent.
    pub(crate) fn count(self, size: usize, variant: u64) -> u64 {
        match self {
            Self::RoundTrip | Self::MessageRoundTrip => 20_000,
            Self::Stream | Self::Batch => 1_000_000,
            Self::Rate => variant / 5,
            Self::Idle => 200,
            Self::Consumers => 300_000,
            Self::Size => 0,
            // Long enough for two hundredths to be told from chance.
            Self::Required if size <= 32 => 20_000_000,
            Self::Required => 5_000_000,
            Self::MessageRequired if size <= 64 => 8_000_000,
            Self::MessageRequired => 2_000_000,
            Self::MessageStream if size <= 64 => 4_000_000,
            Self::MessageStream if size <= 1 << 10 => 1_000_000,
            Self::MessageStream => 100_000,
            Self::MessageBulk => 4000,
            Self::MessageRkyv => 200_000,
            Self::MessageMemory => 1024,
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

    /// How long its messages are.
    pub(crate) fn lengths(&self) -> Lengths {
        match (self.mode, self.variant) {
            (Mode::MessageMemory, 0) => Lengths::MostlySmall,
            (Mode::MessageMemory, _) => Lengths::Even,
            _ => Lengths::Same(self.size),
        }
    }

    /// How many messages every subject has to have room for: a power of two.
    ///
    /// Where messages go one way, about as many bytes as a channel of ours has by default. That is more than the caches
    /// of one core hold, and with less the first alpha was several times slower. Long ones have four times as much, so that
    /// each is one record of ours. Where they go there and back, as many as the first alpha has by default.
    pub(crate) fn in_flight(&self) -> usize {
        match self.mode {
            Mode::MessageRoundTrip | Mode::MessageMemory => 1024,
            Mode::MessageBulk => (16 << 20) / self.size,
            _ => (4 << 20) / self.size,
        }
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
