//! Reading messages without holding them up (R7): copied out of the ring, fragments joined, and what was missed is told.
//!
//! [`Glances`] finds the next whole message, [`MessageLossyConsumer`] has the forms of receiving. Whatever is read of the ring
//! is a copy that is relied on only once it is known to have been there all the time (`ring::records::Sight`). One that was
//! overtaken goes on where an anchor says that a record begins, and the number in that record tells what was missed.

use super::buffer::Buffer;
use super::joint::{Joint, Progress};
use super::kinds::Kinds;
use super::lap::Lap;
use super::meta::MessageMeta;
use crate::consumer::RecvError;
use crate::consumer::arrival::{Arrival, Grace, Nothing, look_up};
use crate::consumer::onlooker::Onlooker;
use crate::ring::records::{Flaw, Record, Sight, Standing, flag};
use crate::ring::{Records, Start, Unit};

/// A message that was copied; its bytes are in the joint until the next call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Copied {
    pub(super) len: usize,
    pub(super) meta: MessageMeta,
}

/// What is known of the message that comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Footing {
    /// Its number.
    Sure,
    /// Nothing, because it could not be found out in time: whatever comes is right.
    Unknown,
    /// The number of the one that is wanted; those before it are passed.
    Wanted,
    /// The number of the one that would have come, had its reader not been overtaken.
    Lost,
}

/// What one record was.
enum Step {
    Whole(Copied),
    /// Nothing to hand out.
    Passed,
    /// Nobody knows.
    Overtaken,
}

/// How often one call goes on after it was overtaken, before it returns.
const LAPS: u32 = 64;

/// The raw core of lossy reading of messages, whatever they are.
#[derive(Debug)]
pub(crate) struct Glances {
    pub(super) look: Onlooker<Unit, Records>,
    footing: Footing,
    /// The next message that begins.
    number: u64,
    /// A message whose beginning was not seen, or not wanted: what is left of it is passed.
    torso: Option<u64>,
    pub(super) joint: Joint,
    /// Memory that a drain holds one message in while it reads the next.
    pub(super) spare: Buffer,
    pub(super) kinds: Kinds,
    /// A message that was read ahead, and is in the joint.
    pub(super) ready: Option<Copied>,
    /// What the next receive tells.
    pub(super) owed: Option<RecvError>,
    /// Whether the last look ended before it came to the end of what is there.
    busy: bool,
}

impl Glances {
    /// Begins where `look` stands, where a record begins.
    pub(crate) fn new(
        look: Onlooker<Unit, Records>,
        start: Option<Start>,
        max_message: u64,
        kinds: Kinds,
    ) -> Self {
        let mut new = Self {
            joint: Joint::new(look.ring.capacity(), max_message),
            look,
            footing: Footing::Unknown,
            number: 0,
            torso: None,
            spare: Buffer::new(),
            kinds,
            ready: None,
            owed: None,
            busy: false,
        };
        if let Some(Start::At(number)) = start {
            (new.footing, new.number) = (Footing::Wanted, number);
        } else {
            new.find_number();
        }
        new
    }

    /// Finds out which message comes next, so that what is missed before the first one is told as well.
    fn find_number(&mut self) {
        let standing = self.look.ring.standing_at_a_glance(self.look.next);
        let number = self.look.segment.messages();
        (self.footing, self.number, self.torso) = match standing {
            Some(Standing { number, torso }) => (Footing::Sure, number, torso),
            None => (Footing::Unknown, number, None),
        };
    }

    /// The number of the message that is received or told of next, as far as it is known.
    pub(super) fn next_number(&self) -> u64 {
        let ready = self.ready.map(|copied| copied.meta.sequence);
        ready.or(self.joint.number()).unwrap_or(self.number)
    }

    /// Forgets all that is published.
    pub(super) fn skip_to_latest(&mut self) {
        (self.ready, self.owed) = (None, None);
        let _ = self.joint.abandon();
        if let Ok(published) = self.look.ring.plausible() {
            self.look.resume(published);
        }
        self.find_number();
    }

    /// Waits for the next whole message; `None` at the end of the stream.
    pub(super) fn next<P: Grace>(&mut self, patience: &mut P) -> Result<Option<Copied>, P::Error> {
        let told = |error| Err(Nothing::Failed(error).into());
        if !self.look.is_ours() {
            return told(RecvError::Forked);
        }
        if let Some(ready) = self.ready.take() {
            return Ok(Some(ready));
        }
        if let Some(error) = self.owed.take() {
            return told(error);
        }
        loop {
            match self.read() {
                Ok(Some(copied)) => return Ok(Some(copied)),
                Ok(None) => {}
                Err(error) => return told(error),
            }
            if self.busy {
                look_up(patience.limit(), self.look.stop()).map_err(P::Error::from)?;
                continue;
            }
            match self.look.arrive(patience.limit()) {
                Ok(Arrival::Events) => {}
                Ok(Arrival::End) => return self.end().map_or(Ok(None), told),
                Err(nothing) if nothing.is_last() => {
                    // As at any end: first, what is left of a message that nobody completes.
                    return self.end().map_or(Err(nothing.into()), told);
                }
                Err(nothing) => return Err(nothing.of_message(self.next_number()).into()),
            }
        }
    }

    /// At the end of the stream: a message that nobody completes.
    fn end(&mut self) -> Option<RecvError> {
        self.joint.abandon().map(|sequence| RecvError::Incomplete { sequence })
    }

    /// The next whole message, if it is there and can be read. A look that is busy for longer than a lap ends as well.
    pub(super) fn read(&mut self) -> Result<Option<Copied>, RecvError> {
        if !self.look.is_ours() {
            return Err(RecvError::Forked);
        }
        let mut laps = 0;
        let mut lap = Lap::of(self.look.ring.capacity());
        self.busy = false;
        loop {
            match self.look.ring.sight(self.look.next) {
                Sight::Record(record) => match self.step(&record)? {
                    Step::Whole(copied) => return Ok(Some(copied)),
                    Step::Passed => match lap.pass(&record) {
                        Ok(false) => continue,
                        Ok(true) => {
                            self.busy = true;
                            return Ok(None);
                        }
                        Err(Flaw(what)) => return Err(self.flawed(what)),
                    },
                    Step::Overtaken => {}
                },
                Sight::NotYet => {
                    self.look.caught_up();
                    return self.find_footing_at_the_end().map(|()| None);
                }
                Sight::Lapped => {}
                Sight::Flawed(Flaw(what)) => return Err(self.flawed(what)),
                Sight::Implausible { published } => return Err(self.implausible(published)),
            }
            self.resume()?;
            laps += 1;
            if laps == LAPS {
                // Whatever overtakes it so often is no producer. How many messages that were, the next call may tell.
                return Err(RecvError::Lagged { missed: 0 });
            }
        }
    }

    #[cold]
    fn flawed(&self, what: &'static str) -> RecvError {
        RecvError::CorruptRecord { sequence: self.next_number(), what }
    }

    #[cold]
    fn implausible(&self, found: u64) -> RecvError {
        RecvError::Corrupt { sequence: self.next_number(), found }
    }

    /// Goes on where a record begins that is there.
    #[cold]
    fn resume(&mut self) -> Result<(), RecvError> {
        if let Some(lost) = self.joint.abandon() {
            self.number = lost;
        }
        self.torso = None;
        if self.footing == Footing::Sure {
            self.footing = Footing::Lost;
        }
        let published = self.look.ring.plausible().map_err(|found| self.implausible(found))?;
        self.look.resume(self.look.ring.boundary_after_lap(published, self.look.laps()));
        Ok(())
    }

    /// Takes in the record at the reader's position.
    fn step(&mut self, record: &Record) -> Result<Step, RecvError> {
        let header = record.header;
        let is_found = self.footing == Footing::Sure || self.find_footing(Standing::before(record))?;
        if !is_found || header.is(flag::PAD) {
            return Ok(self.pass(record));
        }
        if !header.is(flag::CONTINUED) {
            return self.begin(record);
        }
        if self.joint.is_begun() {
            return self.join(record);
        }
        if self.torso == Some(header.number) {
            return Ok(self.pass(record));
        }
        Err(RecvError::CorruptRecord { sequence: self.number, what: "a fragment belongs to no message" })
    }

    /// Learns which message is next where there is none yet, so that one who was overtaken does not have to wait for it to be
    /// told.
    fn find_footing_at_the_end(&mut self) -> Result<(), RecvError> {
        if self.footing != Footing::Sure {
            if let Some(standing) = self.look.ring.standing_at_a_glance(self.look.next) {
                self.find_footing(standing)?;
            }
        }
        Ok(())
    }

    /// Learns which message is next. False if it comes before the one that is wanted.
    #[cold]
    fn find_footing(&mut self, Standing { number, torso }: Standing) -> Result<bool, RecvError> {
        let before = self.number;
        if self.footing == Footing::Wanted && number < before {
            return Ok(false);
        }
        let footing = core::mem::replace(&mut self.footing, Footing::Sure);
        (self.number, self.torso) = (number, torso);
        match footing {
            Footing::Lost if number < before => Err(RecvError::CorruptRecord {
                sequence: before,
                what: "a message has a number that was there before",
            }),
            Footing::Lost | Footing::Wanted if number > before => Err(self.look.lagged(number - before)),
            _ => Ok(true),
        }
    }

    /// A record that begins a message.
    fn begin(&mut self, record: &Record) -> Result<Step, RecvError> {
        let header = record.header;
        if let Some(sequence) = self.joint.abandon() {
            // This record is for the next call.
            return Err(RecvError::Incomplete { sequence });
        }
        if header.number != self.number {
            let what = "a message has not the number that comes next";
            return Err(RecvError::CorruptRecord { sequence: self.number, what });
        }
        self.torso = None;
        if !header.is(flag::MORE) {
            return self.copy(record);
        }
        match self.joint.begin(record) {
            Ok(()) => {
                self.number += 1;
                self.join(record)
            }
            Err(error @ RecvError::CorruptRecord { .. }) => Err(error),
            Err(error) => {
                // Not one for this consumer: its fragments are passed as those of a torso are.
                self.number += 1;
                self.torso = Some(header.number);
                self.pass(record);
                Err(error)
            }
        }
    }

    /// A message in one record.
    fn copy(&mut self, record: &Record) -> Result<Step, RecvError> {
        let header = record.header;
        let len = header.len as usize;
        let Ok(to) = self.joint.whole(len) else {
            self.number += 1;
            self.pass(record);
            return Err(RecvError::OutOfMemory { sequence: header.number, len: len as u64 });
        };
        if !self.look.ring.copy_payload(self.look.next, record, to) {
            return Ok(Step::Overtaken);
        }
        self.number += 1;
        self.pass(record);
        Ok(Step::Whole(Copied { len, meta: MessageMeta::of(record) }))
    }

    /// A fragment of the message that is being joined.
    fn join(&mut self, record: &Record) -> Result<Step, RecvError> {
        let (ring, at) = (&self.look.ring, self.look.next);
        let mut is_whole = true;
        let progress = self.joint.add(record, |to| is_whole = ring.copy_payload(at, record, to))?;
        if !is_whole {
            // Also if the joint has let it go already.
            self.number = record.header.number;
            return Ok(Step::Overtaken);
        }
        self.pass(record);
        Ok(match progress {
            Progress::Whole(raw) => Step::Whole(Copied { len: raw.len, meta: raw.meta }),
            Progress::Keep | Progress::GiveBack => Step::Passed,
        })
    }

    fn pass(&mut self, record: &Record) -> Step {
        self.look.next += record.units;
        Step::Passed
    }

    /// Bytes that messages took of this process.
    #[cfg(test)]
    pub(super) fn memory(&self) -> usize {
        self.joint.memory()
    }
}
