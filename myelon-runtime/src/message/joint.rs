//! Joining the fragments of a message in memory of this process: bounded, aligned, used again and again.
//!
//! While the message fits half the ring, the consumer's cursor stays at its first fragment: a kill loses nothing, the
//! next incarnation reads all of it anew. A longer one needs the room that its beginning takes, so that is given back as
//! it is copied, and one who resumes in its middle is told that it is incomplete.

use core::ptr::NonNull;

use super::buffer::{Buffer, NoMemory};
use super::consumer::Raw;
use super::meta::MessageMeta;
use crate::consumer::RecvError;
use crate::ring::records::{Record, UNIT, flag};

/// At most one message that has begun and not ended.
#[derive(Debug)]
pub(super) struct Joint {
    buffer: Buffer,
    begun: Option<Begun>,
    /// Bytes of the longest message.
    max: u64,
    /// Bytes of a message that can stay in the ring while it is joined.
    keep: u64,
}

#[derive(Debug, Clone, Copy)]
struct Begun {
    number: u64,
    kind: u16,
    time: u64,
    total: usize,
    got: usize,
    keeps: bool,
}

/// What a fragment led to.
pub(super) enum Progress {
    /// The message is whole.
    Whole(Raw),
    /// More is to come; what was copied stays in the ring.
    Keep,
    /// More is to come; what was copied can be given back.
    GiveBack,
}

impl Joint {
    /// For a ring of `capacity` units.
    pub(super) fn new(capacity: u64, max: u64) -> Self {
        Self { buffer: Buffer::new(), begun: None, max, keep: capacity * UNIT as u64 / 2 }
    }

    /// Bytes of the longest message.
    pub(super) fn max(&self) -> u64 {
        self.max
    }

    pub(super) fn is_begun(&self) -> bool {
        self.begun.is_some()
    }

    /// Whether fragments were passed that are not to be given back yet.
    pub(super) fn keeps(&self) -> bool {
        self.begun.is_some_and(|begun| begun.keeps)
    }

    /// The message that is being joined.
    pub(super) fn number(&self) -> Option<u64> {
        self.begun.map(|begun| begun.number)
    }

    /// Bytes of the buffer.
    #[cfg(test)]
    pub(super) fn memory(&self) -> usize {
        self.buffer.get(usize::MAX).len()
    }

    /// Memory for a message that came in one record and is copied all the same; none is being joined.
    pub(super) fn whole(&mut self, len: usize) -> Result<&mut [u8], NoMemory> {
        debug_assert!(self.begun.is_none(), "the memory holds fragments");
        self.buffer.take(len)
    }

    /// The bytes of the message that was joined or copied last.
    pub(super) fn bytes(&self, len: usize) -> &[u8] {
        self.buffer.get(len)
    }

    /// Gives the memory away, with the message that is in it, for other memory.
    pub(super) fn swap(&mut self, other: &mut Buffer) {
        debug_assert!(self.begun.is_none(), "the memory holds fragments");
        core::mem::swap(&mut self.buffer, other);
    }

    /// Forgets the message that is being joined.
    pub(super) fn abandon(&mut self) -> Option<u64> {
        self.begun.take().map(|begun| begun.number)
    }

    /// Makes room for the message whose first fragment this is.
    pub(super) fn begin(&mut self, record: &Record) -> Result<(), RecvError> {
        let sequence = record.header.number;
        let corrupt = |what| RecvError::CorruptRecord { sequence, what };
        let Some(extension) = record.extension else {
            return Err(corrupt("a first fragment does not tell how long its message is"));
        };
        let len = extension.total;
        if len <= u64::from(record.header.len) {
            return Err(corrupt("a first fragment is as long as its message"));
        }
        if len > self.max {
            return Err(RecvError::TooLong { sequence, len, max: self.max });
        }
        let total = len as usize;
        self.buffer.take(total).map_err(|_| RecvError::OutOfMemory { sequence, len })?;
        self.begun = Some(Begun {
            number: sequence,
            kind: record.header.kind,
            time: extension.time,
            total,
            got: 0,
            keeps: len <= self.keep,
        });
        Ok(())
    }

    /// Adds a fragment; the first one too. `fill` copies its payload to where it belongs.
    pub(super) fn add(
        &mut self,
        record: &Record,
        fill: impl FnOnce(&mut [u8]),
    ) -> Result<Progress, RecvError> {
        let Some(begun) = &mut self.begun else {
            return Err(RecvError::CorruptRecord {
                sequence: record.header.number,
                what: "a fragment belongs to no message",
            });
        };
        let corrupt = |what| RecvError::CorruptRecord { sequence: begun.number, what };
        if (record.header.number, record.header.kind) != (begun.number, begun.kind) {
            return Err(corrupt("a fragment belongs to another message"));
        }
        let len = record.header.len as usize;
        let got = begun.got + len;
        let more = record.header.is(flag::MORE);
        if got > begun.total || (got == begun.total) == more || len == 0 {
            return Err(corrupt("the fragments of a message are not as long as it is"));
        }
        let joined = self.buffer.take(begun.total);
        let Some(to) = joined.ok().and_then(|joined| joined.get_mut(begun.got..got)) else {
            return Err(corrupt("the fragments of a message are not as long as it is"));
        };
        fill(to);
        begun.got = got;
        if more {
            return Ok(if begun.keeps { Progress::Keep } else { Progress::GiveBack });
        }
        let meta = MessageMeta {
            sequence: begun.number,
            kind: begun.kind,
            reassembled: true,
            end_of_batch: false,
            time: begun.time,
        };
        self.begun = None;
        let whole = self.buffer.get(got);
        Ok(Progress::Whole(Raw { at: NonNull::from(whole).cast(), len: whole.len(), meta }))
    }
}
