//! The event, and the channel that carries it.

use myelon::RingEvent;

/// What one process did between two rounds of sampling.
#[derive(RingEvent, Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct ProcSample {
    /// When the round began, in nanoseconds since 1970: the same in all samples of a round.
    pub(crate) time_ns: u64,
    /// Memory in use.
    pub(crate) rss_bytes: u64,
    /// Read from disks, in bytes per second; 0 if we may not know.
    pub(crate) read_rate: u64,
    /// Written to disks, in bytes per second; 0 if we may not know.
    pub(crate) write_rate: u64,
    pub(crate) pid: u32,
    pub(crate) threads: u32,
    /// Time on a processor, in thousandths of one processor.
    pub(crate) cpu_permille: u32,
    /// How many samples of this round are still to come: 0 in the last.
    pub(crate) left: u32,
    /// Its byte is checked before anyone gets to see it as a `State`.
    pub(crate) state: State,
    /// Filled up with zeros; the kernel knows 15 bytes of it.
    pub(crate) name: [u8; 15],
}

/// The state of a process, by the letter that /proc has for it.
#[derive(RingEvent, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    Running = b'R',
    Sleeping = b'S',
    Uninterruptible = b'D',
    Stopped = b'T',
    Traced = b't',
    Zombie = b'Z',
    Idle = b'I',
    Other = b'?',
}

/// The samples of all processes.
#[myelon::channel(capacity = 16_384)]
pub(crate) struct ProcSamples(ProcSample);

impl ProcSample {
    pub(crate) fn name(&self) -> String {
        let bytes: Vec<u8> = self.name.iter().copied().take_while(|byte| *byte != 0).collect();
        String::from_utf8_lossy(&bytes).escape_debug().to_string()
    }

    pub(crate) fn cpu_percent(&self) -> f64 {
        f64::from(self.cpu_permille) / 10.0
    }

    pub(crate) fn rss_mib(&self) -> f64 {
        self.rss_bytes as f64 / f64::from(1 << 20)
    }
}

impl State {
    pub(crate) const ALL: [Self; 8] = [
        Self::Running,
        Self::Sleeping,
        Self::Uninterruptible,
        Self::Stopped,
        Self::Traced,
        Self::Zombie,
        Self::Idle,
        Self::Other,
    ];

    pub(crate) fn from_letter(letter: char) -> Self {
        Self::ALL.into_iter().find(|state| state.letter() == letter).unwrap_or(Self::Other)
    }

    pub(crate) fn letter(self) -> char {
        char::from(self as u8)
    }
}
