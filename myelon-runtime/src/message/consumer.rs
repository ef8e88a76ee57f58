//! A consumer's end of a channel of messages: find the next whole message, whatever lies before it.
//!
//! [`RecordConsumer`] reads records through a [`Consumer`] of units, which does everything else: waiting, deaths, the end,
//! giving room back. The hot path is in this file: nearly always the next record is a whole message. What passes padding, joins
//! fragments and tells what is wrong is in [`intake`]. Everything that either reads of a header is checked first
//! ([`Record::at`]), and a message that is bad or too long is skipped, not the ones after it.

mod intake;

use core::fmt;
use core::ops::Range;
use core::ptr::NonNull;

use super::distance::Distance;
use super::format::Trusted;
use super::joint::Joint;
use super::kinds::Kinds;
use super::meta::MessageMeta;
use crate::consumer::arrival::{Arrival, Grace, Nothing};
use crate::consumer::{Consumer, RecvError};
use crate::ring::records::{FETCH_AHEAD, Plain, Record, SHORT, Standing, flag};
use crate::ring::{Records, Unit};
use crate::segment::Held;
use crate::segment::page::ConsumerPage;
use crate::sync::Ordering;
use crate::wait::patience::Limit;

/// One of those who see every message of a channel, whatever they are.
///
/// How it ends, and what a fork does to it, is as for [`Consumer`].
pub struct RecordConsumer {
    pub(super) core: Consumer<Unit, Records>,
    /// The next message that begins.
    number: u64,
    /// A message whose beginning this consumer did not see: what is left of it is passed.
    torso: Option<u64>,
    /// Whether the torso is to be told: it was received in part before this consumer resumed, which was not told of it.
    tell_torso: bool,
    joint: Joint,
    pub(super) trusted: Trusted,
    /// How far ahead lines are asked for, in units; not at all where messages are not read as a whole.
    reach: u64,
    pub(super) distance: Distance,
    /// Whether a message is lent whose room was not given back, or one told of that the page goes on naming.
    lent: bool,
    /// A message that was waited for and not received yet.
    ready: Option<Raw>,
    /// Whether a decoder panicked at the message after the next one: a drain is not to look ahead of that again.
    wary: bool,
    page: Held<ConsumerPage>,
    pub(super) kinds: Kinds,
}

/// The bytes of a message that is there: in the ring, or joined. They stay until the next call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Raw {
    pub(super) at: NonNull<u8>,
    pub(super) len: usize,
    pub(super) meta: MessageMeta,
}

// SAFETY: it points into the segment or into the consumer's buffer, which are no thread's own; what it points to is
// only read.
unsafe impl Send for Raw {}
// SAFETY: as for `Send`.
unsafe impl Sync for Raw {}

/// A whole message in the ring, some units ahead of the reader.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ahead {
    pub(super) raw: Raw,
    /// Units to pass to be behind it.
    pub(super) units: u64,
}

impl RecordConsumer {
    /// Over a consumer of units that joined where `standing` says.
    pub(crate) fn new(
        core: Consumer<Unit, Records>,
        standing: Standing,
        resumed: bool,
        max_message: u64,
        trusted: Trusted,
        reads_whole: bool,
        kinds: Kinds,
    ) -> Self {
        let page = core.segment.consumer_page(core.reader.entry());
        // It may have stopped inside of a message, or behind what there is of one whose producer died in it as well. Whether
        // it was to be told of that only its page knows: it goes on naming a message that was neither received nor told.
        // One that it knows of is not named any more, also if it died before it noted the place that goes with the number,
        // and one whose beginning it never saw never was.
        let noted = page.message().load(Ordering::Relaxed);
        let untold = (resumed && noted.checked_add(1) == Some(standing.number)).then_some(noted);
        if resumed {
            // Of one that joined anew they are noted already.
            for word in [page.message(), page.first_message()] {
                word.store(untold.unwrap_or(standing.number), Ordering::Relaxed);
            }
        }
        // Only now its page tells where it begins.
        crate::sync::point!("join: numbered");
        core.segment.note_consumer(resumed);
        Self {
            joint: Joint::new(core.reader.ring().capacity(), max_message),
            core,
            number: standing.number,
            torso: untold.or(standing.torso),
            tell_torso: untold.is_some(),
            trusted,
            reach: if reads_whole { FETCH_AHEAD } else { 0 },
            distance: if reads_whole { Distance::default() } else { Distance::unasked() },
            lent: false,
            ready: None,
            wary: false,
            page,
            kinds,
        }
    }

    /// The number of the message that is received or told of next.
    pub(super) fn next_number(&self) -> u64 {
        self.torso.filter(|_| self.tell_torso).unwrap_or_else(|| self.next_to_release())
    }

    /// The same, once there is nothing to tell of what lies before.
    #[inline(always)]
    fn next_to_release(&self) -> u64 {
        let ready = self.ready.map(|raw| raw.meta.sequence);
        ready.or(self.joint.number()).unwrap_or(self.number)
    }

    /// The longest message that this consumer joins of fragments.
    #[inline]
    pub fn max_message(&self) -> u64 {
        self.joint.max()
    }

    /// Waits for the next whole message and passes it; `None` at the end of the stream.
    #[inline(always)]
    pub(super) fn next_raw<P: Grace>(&mut self, patience: &mut P) -> Result<Option<Raw>, P::Error> {
        if self.ready.is_some() {
            if !self.core.is_ours() {
                return Err(Nothing::Failed(RecvError::Forked).into());
            }
            return Ok(self.ready.take());
        }
        if self.lent {
            // Of a lease or batch that was forgotten.
            self.release();
        }
        if !self.has_news() && !self.await_news(patience.limit()).map_err(P::Error::from)? {
            return self.end().map_err(P::Error::from);
        }
        // Nearly always the next record is a whole message.
        if !self.joint.is_begun() && !self.tell_torso {
            if let Some(Ahead { raw, units }) = self.peek(0, self.number) {
                self.pass(units);
                return Ok(Some(raw));
            }
        }
        self.next_slow(patience.limit()).map_err(P::Error::from)
    }

    /// Waits until something new is there; false at the end of the stream.
    #[inline(always)]
    fn await_news(&mut self, limit: Limit) -> Result<bool, Nothing> {
        match self.core.arrive(limit) {
            Ok(Arrival::Events) => {
                self.core.reader.fetch_front(self.reach);
                Ok(true)
            }
            Ok(Arrival::End) => Ok(false),
            Err(last) if last.is_last() => {
                // As at any end: first, what is left of a message that nobody completes.
                self.end()?;
                Err(last)
            }
            Err(nothing) => Err(nothing.of_message(self.next_number())),
        }
    }

    /// Whether something is there: known from before, or by a new look.
    #[inline(always)]
    fn has_news(&mut self) -> bool {
        if self.core.reader.known() != 0 {
            return self.core.ready();
        }
        let next = self.core.reader.next();
        if self.distance.is_due(next) {
            self.measure(next);
        }
        let found = self.core.ready();
        if found {
            self.core.reader.fetch_front(self.reach);
        }
        found
    }

    /// Measures how far the producer is, having read everything up to `next` that is known.
    #[cold]
    #[inline(never)]
    fn measure(&mut self, next: u64) {
        if self.core.is_ours() {
            self.distance.probe_from(self.core.reader.ring().published(), next);
        }
    }

    /// Passes a whole message that [`peek`](Self::peek) showed.
    #[inline(always)]
    pub(super) fn pass(&mut self, units: u64) {
        self.lent = true;
        self.torso = None;
        self.core.reader.expect_short(units <= SHORT);
        self.pass_another(units);
    }

    /// The same for one that is passed in the same call as one before it.
    #[inline(always)]
    pub(super) fn pass_another(&mut self, units: u64) {
        self.core.reader.pass(units);
        if self.distance.is_far() {
            self.core.reader.fetch_behind(self.reach, units);
        }
        self.number += 1;
    }

    /// The whole message that is known to be in the ring, `ahead` units after the reader, behind padding at most, if it is
    /// the one with this number. Everything else is for [`step`](Self::step).
    #[inline(always)]
    pub(super) fn peek(&self, ahead: u64, number: u64) -> Option<Ahead> {
        let reader = &self.core.reader;
        let known = reader.known().checked_sub(ahead).filter(|known| *known != 0)?;
        let Some(plain) = Plain::at(reader.ring(), reader.next() + ahead, known, number) else {
            return self.peek_behind(ahead, number);
        };
        Some(self.ahead(ahead, plain, number, 0))
    }

    /// The positions at which, if a message ends there, another whole one is known to follow; told without a look at it. A
    /// first fragment is as long as a record can be (M4), and padding that is not followed by a record ends where the ring
    /// does (M1): neither can be all that is there.
    #[inline(always)]
    pub(super) fn followed(&self) -> Range<u64> {
        let reader = &self.core.reader;
        let (ring, end) = (reader.ring(), reader.next() + reader.known());
        let ends_with_ring = ring.until_wrap(end) == ring.capacity();
        if ends_with_ring { 0..0 } else { (end + 1).saturating_sub(ring.quantum())..end }
    }

    #[inline(always)]
    fn ahead(&self, ahead: u64, Plain { header, units, payload }: Plain, number: u64, time: u64) -> Ahead {
        let meta = MessageMeta {
            sequence: number,
            kind: header.kind,
            reassembled: false,
            end_of_batch: false,
            time,
        };
        let at = self.payload(ahead, payload);
        Ahead { raw: Raw { at, len: header.len as usize, meta }, units: ahead + units }
    }

    /// The same for what is not plain.
    #[inline(never)]
    fn peek_behind(&self, ahead: u64, number: u64) -> Option<Ahead> {
        let reader = &self.core.reader;
        let ring = reader.ring();
        // With `timestamps` nearly all are of this sort. Here and not beside what is plain: there it would cost all others.
        let known = reader.known() - ahead;
        if let Some((timed, time)) = Plain::timed_at(ring, reader.next() + ahead, known, number) {
            return Some(self.ahead(ahead, timed, number, time));
        }
        let mut ahead = ahead;
        loop {
            let known = reader.known().checked_sub(ahead).filter(|known| *known != 0)?;
            let record = Record::at(ring, reader.next() + ahead, known).ok()?;
            let header = record.header;
            if header.is(flag::PAD) {
                ahead += record.units;
                continue;
            }
            if header.is(flag::MORE | flag::CONTINUED) || header.number != number {
                return None;
            }
            let at = self.payload(ahead, record.payload);
            let raw = Raw { at, len: header.len as usize, meta: MessageMeta::of(&record) };
            return Some(Ahead { raw, units: ahead + record.units });
        }
    }

    #[inline(always)]
    fn payload(&self, ahead: u64, payload: usize) -> NonNull<u8> {
        let reader = &self.core.reader;
        let start = reader.ring().bytes(reader.next() + ahead);
        // SAFETY: a record lies in one piece in the ring, and its payload in the record: `Record::at` checked both, or
        // `Plain::at`.
        unsafe { start.add(payload) }
    }

    /// Gives back everything that was passed.
    #[inline(always)]
    pub(super) fn release(&mut self) {
        self.lent = false;
        self.settle();
    }

    /// The same; what is lent stays so.
    #[inline(always)]
    pub(super) fn settle(&mut self) {
        self.page.message().store(self.next_to_release(), Ordering::Relaxed);
        crate::sync::point!("settle: numbered");
        self.core.settle();
    }

    /// Bytes that messages in fragments took of this process.
    #[cfg(test)]
    pub(super) fn memory(&self) -> usize {
        self.joint.memory()
    }

    /// Whether the next call has something to give back.
    #[cfg(test)]
    pub(super) fn is_lent(&self) -> bool {
        self.lent
    }

    /// Sets the message that the next call receives, or that there is none but what comes.
    pub(super) fn set_ready(&mut self, ready: Option<Raw>) {
        self.ready = ready;
    }

    /// Whether the next drain is to hand out one message without a look at the one after it.
    pub(super) fn take_wary(&mut self) -> bool {
        core::mem::take(&mut self.wary)
    }

    /// Makes the next drain do so.
    pub(super) fn be_wary(&mut self) {
        self.wary = true;
    }

    /// Gives back what was lent, unless that is a message which was only waited for.
    pub(super) fn give_back(&mut self) {
        if self.lent && self.ready.is_none() {
            self.release();
        }
    }

    /// The number of the first message that is not given back.
    pub(super) fn released_number(&self) -> u64 {
        self.page.message().load(Ordering::Relaxed)
    }

    /// Waits until there is a whole message to receive, or something to tell; false at the end of the stream.
    pub(super) fn await_message<P: Grace>(&mut self, patience: &mut P) -> Result<bool, P::Error> {
        if self.ready.is_none() || !self.core.is_ours() {
            self.ready = self.next_raw(patience)?;
        }
        Ok(self.ready.is_some())
    }

    /// Where the reader stands.
    #[inline(always)]
    pub(super) fn position(&self) -> u64 {
        self.core.reader.next()
    }

    /// Everything that was passed up to here is not lent any more; the end of a drain gives it back.
    #[inline(always)]
    pub(super) fn passed(&self) -> u64 {
        self.core.reader.next() - self.core.reader.settled()
    }
}

impl fmt::Debug for RecordConsumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordConsumer")
            .field("sequence", &self.next_number())
            .field("capacity", &self.capacity())
            .finish_non_exhaustive()
    }
}
