//! One record as it lies in a page: seven words. Whatever they hold, decoding gives a record or none.

use super::{LifecycleCause, LifecycleEvent};

/// Words of a record beside its number.
pub(crate) const WORDS: usize = 7;
/// Bytes of an id that a record has room for. The rest of a longer one is in its page, as long as it has that.
pub(crate) const LABEL: usize = 32;

/// Whom a record is about, or in whose page it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whom {
    Producer,
    Entry(u32),
}

/// Of the byte that tells what happened: the bits of the event, and where those of the cause begin.
const EVENT: u8 = 0x0f;
const CAUSE: u32 = 4;

/// In the place of an entry, the producer; above all entries that there can be.
const PRODUCER: u16 = u16::MAX;

/// What happened, and which policy led to it, if one did and it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct What {
    pub(crate) event: LifecycleEvent,
    pub(crate) cause: Option<LifecycleCause>,
}

impl From<LifecycleEvent> for What {
    fn from(event: LifecycleEvent) -> Self {
        Self { event, cause: None }
    }
}

/// What a participant writes down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Note {
    /// Wall clock, nanoseconds since 1970.
    pub(crate) at: u64,
    pub(crate) what: What,
    pub(crate) whom: Whom,
    /// Of whom it is about; 0 unknown.
    pub(crate) pid: u32,
    /// Its cursor, in events or messages.
    pub(crate) sequence: u64,
    pub(crate) label: Label,
}

/// The beginning of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Label {
    /// Zero behind the id.
    bytes: [u8; LABEL],
    /// Bytes of the whole id.
    len: u8,
}

impl Label {
    pub(crate) const NONE: Self = Self { bytes: [0; LABEL], len: 0 };

    pub(crate) fn of(id: &str) -> Self {
        let mut bytes = [0; LABEL];
        // Cut where a character begins.
        let ends = id.char_indices().map(|(at, c)| at + c.len_utf8());
        let end = ends.take_while(|end| *end <= LABEL).last().unwrap_or(0);
        for (to, from) in bytes.iter_mut().zip(id.as_bytes().iter().take(end)) {
            *to = *from;
        }
        Self { bytes, len: u8::try_from(id.len()).unwrap_or(u8::MAX) }
    }

    /// What there is of the id.
    pub(crate) fn bytes(&self) -> &[u8] {
        let cut_at = || self.bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        let end = if self.is_cut() { cut_at() } else { self.len.into() };
        self.bytes.get(..end).unwrap_or_default()
    }

    pub(crate) fn is_cut(&self) -> bool {
        usize::from(self.len) > LABEL
    }

    /// Whether it is the beginning of that id, as far as can be told.
    pub(crate) fn fits(&self, id: &str) -> bool {
        *self == Self::of(id)
    }
}

impl Note {
    /// Whether it says that the same happened, at whatever time. Not everybody knows why.
    pub(crate) fn repeats(&self, other: &Self) -> bool {
        let what = What { cause: self.what.cause, ..other.what };
        *self == Self { at: self.at, what, ..*other }
    }

    pub(crate) fn encode(&self) -> [u64; WORDS] {
        let entry = match self.whom {
            Whom::Producer => PRODUCER,
            Whom::Entry(entry) => u16::try_from(entry).unwrap_or(PRODUCER),
        };
        let cause = self.what.cause.map_or(0, LifecycleCause::code);
        let what = u64::from(self.what.event.code() | cause << CAUSE)
            | u64::from(self.label.len) << 8
            | u64::from(entry) << 16
            | u64::from(self.pid) << 32;
        let mut words = [self.at, what, self.sequence, 0, 0, 0, 0];
        for (word, chunk) in words.iter_mut().skip(3).zip(self.label.bytes.chunks(8)) {
            *word = chunk.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        words
    }

    /// `None` for what is no record, or one of a kind that this build does not know.
    pub(crate) fn decode(words: [u64; WORDS]) -> Option<Self> {
        let [at, what, sequence, label @ ..] = words;
        let [code, len, ..] = what.to_le_bytes();
        let whom = match (what >> 16) as u16 {
            PRODUCER => Whom::Producer,
            entry => Whom::Entry(entry.into()),
        };
        let mut bytes = [0; LABEL];
        for (to, from) in bytes.iter_mut().zip(label.into_iter().flat_map(u64::to_le_bytes)) {
            *to = from;
        }
        bytes.iter_mut().skip(len.into()).for_each(|byte| *byte = 0);
        let event = LifecycleEvent::of_code(code & EVENT)?;
        let pid = (what >> 32) as u32;
        let what = What { event, cause: LifecycleCause::of_code(code >> CAUSE) };
        Some(Self { at, what, whom, pid, sequence, label: Label { bytes, len } })
    }
}
