//! The channel, and what travels on it.

/// Lines of any length, as they stand in their file: with their newline, if they have one.
///
/// A line of up to a megabyte is written and read in the ring; a longer one travels as fragments and is joined by each
/// consumer. What is longer than `max_message` is shipped in parts.
#[myelon::channel(capacity = "4 MiB", max_message = "8 MiB")]
pub(crate) struct Lines([u8]);

/// What a message is. The library carries this number beside the bytes and does not look at it.
pub(crate) mod kind {
    /// A line, or the last part of one.
    pub(crate) const LINE: u16 = 0;
    /// A part of a line that goes on in the next message of this file.
    pub(crate) const PART: u16 = 1;
    /// The name of the file that the next lines are from.
    pub(crate) const FILE: u16 = 2;
    /// How much there was, as [`Totals`](super::Totals): the last message.
    pub(crate) const END: u16 = 3;
}

/// What was shipped, counted on both sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) lines: u64,
    pub(crate) bytes: u64,
}

impl Totals {
    pub(crate) fn add(&mut self, kind: u16, bytes: &[u8]) {
        self.lines += u64::from(kind == kind::LINE);
        if matches!(kind, kind::LINE | kind::PART) {
            self.bytes += bytes.len() as u64;
        }
    }

    pub(crate) fn to_bytes(self) -> [u8; 16] {
        (u128::from(self.lines) << 64 | u128::from(self.bytes)).to_le_bytes()
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let both = u128::from_le_bytes(bytes.try_into().ok()?);
        Some(Self { lines: (both >> 64) as u64, bytes: both as u64 })
    }
}

impl std::fmt::Display for Totals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} lines, {} bytes", self.lines, self.bytes)
    }
}
