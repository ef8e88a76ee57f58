//! Taking in records of all sorts, one by one: padding, fragments ([`joint`](crate::message::joint)), what is left of a message
//! that nobody completes. The cold half of every receive, where the next record is not just a whole message.

use super::{Raw, RecordConsumer};
use crate::consumer::RecvError;
use crate::consumer::arrival::Nothing;
use crate::message::joint::Progress;
use crate::message::lap::Lap;
use crate::message::meta::MessageMeta;
use crate::ring::records::{Flaw, Record, flag};
use crate::wait::patience::Limit;

/// What one record was.
enum Step {
    /// A message, whole.
    Whole(Raw),
    /// Nothing to hand out.
    Passed,
}

impl RecordConsumer {
    /// Waits for the next whole message and passes it, whatever lies before it; `None` at the end of the stream.
    #[cold]
    #[inline(never)]
    pub(super) fn next_slow(&mut self, limit: Limit) -> Result<Option<Raw>, Nothing> {
        let mut lap = Lap::of(self.core.reader.ring().capacity());
        loop {
            if !self.has_news() && !self.await_news(limit)? {
                return self.end();
            }
            let record = self.core.reader.record().map_err(|Flaw(what)| self.corrupt(what))?;
            match self.step(&record) {
                Ok(Step::Whole(raw)) => return Ok(Some(raw)),
                Ok(Step::Passed) => {
                    if lap.pass(&record).map_err(|Flaw(what)| self.corrupt(what))? {
                        self.core.look_up(limit)?;
                    }
                }
                Err(error) => return Err(Nothing::Failed(error)),
            }
        }
    }

    /// The end of the stream; first, what is left of a message that nobody completes.
    #[cold]
    pub(super) fn end(&mut self) -> Result<Option<Raw>, Nothing> {
        match self.unfinished() {
            Some(sequence) => Err(Nothing::Failed(RecvError::Incomplete { sequence })),
            None => Ok(None),
        }
    }

    /// A message that is to be told as one without its end, at a record that does not belong to it. That record is for the
    /// next call.
    fn unfinished(&mut self) -> Option<u64> {
        let Some(sequence) = self.joint.abandon() else { return self.told_torso() };
        // Its page goes on naming it until the next call: should this process die before its caller has heard of it, the
        // one that resumes is told.
        self.core.settle();
        self.lent = true;
        Some(sequence)
    }

    /// A torso that ends here, if it is to be told.
    fn told_torso(&mut self) -> Option<u64> {
        let torso = self.torso.take();
        torso.filter(|_| self.takes_note())
    }

    /// Whether there is a torso to be told: now it is. The next call notes it.
    fn takes_note(&mut self) -> bool {
        let is_told = core::mem::take(&mut self.tell_torso);
        self.lent |= is_told;
        is_told
    }

    fn corrupt(&self, what: &'static str) -> Nothing {
        Nothing::Failed(RecvError::CorruptRecord { sequence: self.next_number(), what })
    }

    /// Takes in one record: at the reader's position, known to be there, its numbers checked.
    fn step(&mut self, record: &Record) -> Result<Step, RecvError> {
        let header = record.header;
        if !header.is(flag::CONTINUED) {
            // It lies behind every message that began before, which has its end by now or gets none (M4). What there is
            // of it is given back: there may be no room for more than this padding.
            if let Some(sequence) = self.unfinished() {
                return Err(RecvError::Incomplete { sequence });
            }
        }
        if header.is(flag::PAD) {
            self.skip(record);
            return Ok(Step::Passed);
        }
        if !header.is(flag::CONTINUED) {
            return self.begin(record);
        }
        if self.joint.is_begun() {
            return self.join(record);
        }
        if self.torso != Some(header.number) {
            let what = "a fragment belongs to no message";
            return Err(RecvError::CorruptRecord { sequence: self.next_number(), what });
        }
        self.skip(record);
        if self.takes_note() {
            return Err(RecvError::Incomplete { sequence: header.number });
        }
        Ok(Step::Passed)
    }

    /// A record that begins a message.
    fn begin(&mut self, record: &Record) -> Result<Step, RecvError> {
        let header = record.header;
        if header.number != self.number {
            let what = "a message has not the number that comes next";
            return Err(RecvError::CorruptRecord { sequence: self.number, what });
        }
        if !header.is(flag::MORE) {
            let raw = Raw {
                at: self.payload(0, record.payload),
                len: header.len as usize,
                meta: MessageMeta::of(record),
            };
            self.pass(record.units);
            return Ok(Step::Whole(raw));
        }
        match self.joint.begin(record) {
            Ok(()) => {
                self.number += 1;
                self.core.reader.expect_short(false);
                self.join(record)
            }
            Err(error) => {
                if !matches!(error, RecvError::CorruptRecord { .. }) {
                    // Too long for this consumer: its fragments are passed as those of a torso are. The next call notes
                    // that, as of one that is told as lost.
                    self.core.reader.pass(record.units);
                    self.lent = true;
                    self.number += 1;
                    self.torso = Some(header.number);
                }
                Err(error)
            }
        }
    }

    /// A fragment of the message that is being joined.
    fn join(&mut self, record: &Record) -> Result<Step, RecvError> {
        let at = self.payload(0, record.payload);
        // SAFETY: the payload lies in one piece in the ring (`Record::at`), is published (R4), and stays as it is until
        // this consumer's cursor passes it (R2, R5), which it does below.
        let bytes = unsafe { core::slice::from_raw_parts(at.as_ptr(), record.header.len as usize) };
        let progress = self.joint.add(record, |to| to.copy_from_slice(bytes))?;
        self.core.reader.pass(record.units);
        match progress {
            Progress::Whole(raw) => {
                self.lent = true;
                Ok(Step::Whole(raw))
            }
            // The producer may need the room for the rest of this very message.
            Progress::GiveBack => {
                self.settle();
                Ok(Step::Passed)
            }
            Progress::Keep => Ok(Step::Passed),
        }
    }

    /// Passes a record that nobody will look at. Unless it lies among fragments that are kept, its room is given back at
    /// once: this consumer may now sleep.
    fn skip(&mut self, record: &Record) {
        self.core.reader.pass(record.units);
        if self.tell_torso {
            // Its page goes on naming the one that is to be told, in case it does not come to that.
            self.core.settle();
        } else if !self.joint.keeps() {
            self.settle();
        }
    }
}
