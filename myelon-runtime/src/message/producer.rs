//! The producer's end of a channel of messages: find room in one piece, write, publish.
//!
//! [`RecordProducer`] is what every producer of messages dereferences to, whatever it carries. It writes records into
//! the ring of a [`Producer`] of units, which does everything else: room, waiting, dead consumers, the end. Messages are
//! written one after the other into a *run*, which becomes visible as a whole (M1).
//!
//! The forms of publishing are in [`publish`](super::publish), values of unknown length in [`value`](super::value), how a
//! payload gets into its place in [`fill`](super::fill), how a long message is cut in [`fragment`](super::fragment).

use core::fmt;

use super::buffer::Buffer;
use super::distance::Distance;
use super::route::Route;
use super::spacing::{Packing, Spacing};
#[cfg(feature = "flatbuffers")]
use crate::codec::Scratch;
use crate::os::process;
use crate::producer::room::{Grace, Stuck};
use crate::producer::{Producer, PublishError};
use crate::ring::publisher::Publisher;
use crate::ring::records::{
    Extension, Header, Lines, MOST_SLACK, Marks, SHORT, Standing, UNIT, flag, largest_payload,
};
use crate::ring::{Records, Unit};
use crate::sync::Ordering;
use crate::wait::patience::Limit;

/// The one that publishes messages, whatever they are: what a producer of one kind, and that of an `enum` channel,
/// have in common.
///
/// Every attached consumer sees every message, in order; the slowest one holds the producer back once the ring has no
/// room. How it ends, and what a fork does to it, is as for [`Producer`].
pub struct RecordProducer {
    pub(crate) core: Producer<Unit, Records>,
    marks: Marks,
    lines: Lines,
    pub(super) route: Route,
    pub(super) distance: Distance,
    /// The next message.
    pub(super) number: u64,
    /// Units that are written, from the next position on, and not published yet: whole records. None between calls.
    pub(super) pending: u64,
    /// The first message that is pending.
    unpublished: u64,
    /// The position up to which units were seen to be free and in one piece.
    free_until: u64,
    /// Bytes of the longest payload that goes into one record.
    largest: usize,
    /// Whether the next record goes into the middle of a message.
    inside: bool,
    pub(super) timestamps: bool,
    pub(super) spacing: Spacing,
    pub(super) max_message: u64,
    /// Bytes that values of unknown length took lately.
    pub(super) expected: usize,
    pub(super) scratch: Buffer,
    /// What building tables needs; made for the first one.
    #[cfg(feature = "flatbuffers")]
    pub(super) tables: Option<Scratch>,
}

/// How a record is to be written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) kind: u16,
    pub(super) flags: u16,
    /// Of the whole message, if this is the first of several fragments; else 0.
    pub(super) total: u64,
}

impl Plan {
    /// A message in one record.
    pub(super) const fn whole(kind: u16) -> Self {
        Self { kind, flags: 0, total: 0 }
    }
}

/// Room for a record: `offset` units after the next position, in one piece, for a payload of up to `len` bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) offset: u64,
    pub(super) len: usize,
    pub(super) extended: bool,
    /// Whether there is room for a distance to the next record.
    spaced: bool,
}

impl RecordProducer {
    /// Over a producer of units that took the ring over, which stands as `standing` says.
    pub(crate) fn new(
        core: Producer<Unit, Records>,
        standing: Standing,
        max_message: u64,
        timestamps: bool,
        packing: Packing,
    ) -> Self {
        core.counters.messages.set(standing.number);
        // Only now its page tells where it begins.
        core.segment.note_producer();
        Self {
            marks: Marks::of(&core.publisher),
            lines: Lines::of(&core.publisher),
            distance: Distance::default(),
            route: Route::new(core.publisher.ring().capacity() * UNIT as u64),
            number: standing.number,
            pending: 0,
            unpublished: standing.number,
            free_until: 0,
            largest: largest_payload(core.publisher.ring().capacity()) as usize,
            inside: false,
            timestamps,
            spacing: Spacing::new(packing, core.publisher.ring().capacity()),
            max_message,
            core,
            expected: 256,
            scratch: Buffer::new(),
            #[cfg(feature = "flatbuffers")]
            tables: None,
        }
    }

    #[inline(always)]
    pub(super) fn publisher(&self) -> &Publisher<Unit, Records> {
        &self.core.publisher
    }

    /// Whether each message has an extension.
    #[inline(always)]
    pub(super) fn extended(&self) -> bool {
        self.timestamps
    }

    /// Bytes of the longest payload that goes into one record.
    #[inline(always)]
    pub(super) fn largest(&self) -> usize {
        self.largest
    }

    /// Finds room for a record whose payload has at most `len` bytes, `len <= largest()`: in one piece, behind what is
    /// pending. What is pending is published where the two do not fit one run.
    #[inline(always)]
    pub(super) fn open<P: Grace>(
        &mut self,
        len: usize,
        extended: bool,
        patience: &mut P,
    ) -> Result<Slot, P::Error> {
        let (mut units, mut spaced) = self.most_units(len, extended);
        if !self.is_free(self.pending + units) {
            self.measure(self.publisher().next());
            // Maybe no distance is wanted any more.
            (units, spaced) = self.most_units(len, extended);
            self.make_room(units, patience.limit()).map_err(P::Error::from)?;
        }
        Ok(Slot { offset: self.pending, len, extended, spaced })
    }

    /// The same for a message that may turn out to be shorter: nothing is waited for or padded, and nobody is let go, for
    /// room that it may not need.
    #[inline(always)]
    pub(super) fn open_at_hand(&mut self, len: usize) -> Option<Slot> {
        let extended = self.extended();
        let (mut units, mut spaced) = self.most_units(len, extended);
        let is_there = self.is_free(self.pending + units) || {
            self.measure(self.publisher().next());
            (units, spaced) = self.most_units(len, extended);
            self.look_for_room(units)
        };
        is_there.then_some(Slot { offset: self.pending, len, extended, spaced })
    }

    /// Units that a record takes, at most, with a payload of at most `len` bytes; and whether there is a distance among
    /// them.
    #[inline(always)]
    fn most_units(&self, len: usize, extended: bool) -> (u64, bool) {
        debug_assert!(len <= self.largest(), "M1: no record is larger");
        let units = 1 + u64::from(extended) + (len as u64).div_ceil(UNIT as u64);
        let spaced = self.spacing.is_wanted() && units + MOST_SLACK <= self.publisher().ring().quantum();
        (if spaced { units + MOST_SLACK } else { units }, spaced)
    }

    /// Whether `units` from the next position on are free and in one piece, as far as that was looked at.
    #[inline(always)]
    pub(super) fn is_free(&self, units: u64) -> bool {
        self.publisher().next() + units <= self.free_until && self.core.is_ours()
    }

    /// The consumers were looked at by other means than to find room: what is free is to be found out anew.
    pub(super) fn looked(&mut self) {
        self.free_until = 0;
    }

    /// Makes sure that a record of `units` can go behind what is pending.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, units: u64, limit: Limit) -> Result<(), Stuck> {
        loop {
            let offset = self.pending;
            let ring = self.publisher().ring();
            let next = self.publisher().next();
            let left = ring.until_wrap(next + offset);
            if units > left {
                self.pad(left, limit)?;
                continue;
            }
            if offset != 0 && offset + units > self.publisher().room() {
                self.flush();
                continue;
            }
            self.reserve(offset + units, limit)?;
            self.note_free();
            return Ok(());
        }
    }

    /// Whether a record of `units` can go behind what is pending, or at its place once that is published, as things are.
    #[cold]
    #[inline(never)]
    fn look_for_room(&mut self, units: u64) -> bool {
        if !self.core.is_ours()
            || units > self.publisher().ring().until_wrap(self.publisher().next() + self.pending)
        {
            return false;
        }
        if self.pending + units > self.publisher().room() {
            self.flush();
            self.core.room_for(units).scan();
        }
        self.note_free();
        self.is_free(self.pending + units)
    }

    /// Notes how far units are free and in one piece.
    fn note_free(&mut self) {
        let next = self.publisher().next();
        let wrap = next + self.publisher().ring().until_wrap(next);
        self.free_until = wrap.min(next + self.publisher().room());
    }

    /// Measures how far the slowest consumer is, unless that was done a short way before, and whether it keeps up: whether it
    /// has read everything before a position.
    #[cold]
    #[inline(never)]
    fn measure(&mut self, position: u64) {
        let is_due = self.distance.is_due(self.core.publisher.next());
        if let Some((entry, cursor)) = self.core.gating_cursor().filter(|_| is_due) {
            self.distance.probe(entry, cursor);
        }
        self.look_whether_read(position);
    }

    /// Looks for room for another run like the last one, which began at `last`, before anybody wants it. While consumers keep
    /// up, somebody waits for each message, and to look takes longer than to publish.
    #[cold]
    #[inline(never)]
    fn look_ahead(&mut self, last: u64, units: u64) {
        self.measure(last);
        self.look_for_room(units);
    }

    /// Looks whether everything before a position was read: whether the consumer that is looked at keeps up.
    #[cold]
    #[inline(never)]
    fn look_whether_read(&mut self, position: u64) {
        // Only how the next records lie depends on it: it orders nothing.
        let cursor = self.core.gating_cursor().map(|(_, cursor)| cursor.load(Ordering::Relaxed));
        self.spacing.saw(cursor.is_some_and(|cursor| cursor >= position));
    }

    fn reserve(&mut self, units: u64, limit: Limit) -> Result<(), Stuck> {
        if self.core.has_room(units) { Ok(()) } else { self.reserve_slow(units, limit) }
    }

    /// Fills the rest of the ring, in a run of its own.
    fn pad(&mut self, units: u64, limit: Limit) -> Result<(), Stuck> {
        self.flush();
        crate::sync::point!("pad: flushed");
        self.reserve(units, limit)?;
        let header = Header::padding(self.number, units, self.inside);
        // SAFETY: (1) at least one unit was reserved.
        unsafe { self.publisher().put_header(0, header) };
        crate::sync::point!("pad: written");
        self.pending = units;
        self.flush();
        Ok(())
    }

    /// Completes the record whose payload was written: the `len` bytes after the first `front`, which become padding. It
    /// goes out with the run.
    #[inline(always)]
    pub(super) fn seal(&mut self, slot: Slot, front: usize, len: usize, plan: Plan) {
        debug_assert!(front + len <= slot.len, "a payload lies inside its slot");
        let skipped = (front / UNIT) as u64;
        let mut offset = slot.offset;
        if offset == 0 {
            self.unpublished = self.number;
        }
        if skipped != 0 {
            let padding = Header::padding(self.number, skipped, self.inside);
            // SAFETY: (1) inside of what was reserved for the slot.
            unsafe { self.publisher().put_header(offset, padding) };
            crate::sync::point!("seal: front");
            offset += skipped;
        }
        let mut flags = plan.flags;
        if slot.extended {
            flags |= flag::EXTENDED;
            let time = if self.timestamps { process::now_ns() } else { 0 };
            let total = if plan.total == 0 { len as u64 } else { plan.total };
            // SAFETY: (1) as above: the second unit of the record.
            unsafe { self.publisher().put_unit(offset + 1, Extension { time, total }.encode()) };
            crate::sync::point!("seal: extension");
        }
        let lead = (front % UNIT) as u8;
        let header = Header { flags, lead, ..Header::whole(self.number, plan.kind, len) }.spaced(slot.spaced);
        // SAFETY: (1) as above: its first unit.
        unsafe { self.publisher().put_header(offset, header) };
        crate::sync::point!("seal: header");
        self.pending = offset + header.units();
        self.inside = plan.flags & flag::MORE != 0;
        self.number += u64::from(!self.inside);
    }

    /// Writes the header of a message that needs nothing but its bytes and a free place for them: nearly all do. Says where its
    /// payload goes, and how many units to [`send`](Self::send) then; `None`, and nothing is done, if this one needs more.
    ///
    /// The header first, so that stores go out in the order in which they lie: each waits for the line of the one before it
    /// (measured: see the benchmark).
    #[inline(always)]
    pub(super) fn begin_at_once(&mut self, kind: u16, len: usize) -> Option<(Slot, u64)> {
        let header = Header::whole(self.number, kind, len).spaced(self.spacing.is_wanted());
        let units = header.units();
        if len > self.largest || self.timestamps || !self.is_free(units) || len as u64 > self.max_message {
            return None;
        }
        // SAFETY: (1) it is free, and nothing is pending between calls.
        unsafe { self.publisher().put_header(0, header) };
        crate::sync::point!("record: header");
        Some((Slot { offset: 0, len, extended: false, spaced: false }, units))
    }

    /// Writes and publishes one message that needs nothing but a copy of its bytes. False, and nothing is done, if this one
    /// needs more.
    #[inline(always)]
    pub(super) fn publish_at_once(&mut self, kind: u16, bytes: &[u8]) -> bool {
        let Some((slot, units)) = self.begin_at_once(kind, bytes.len()) else { return false };
        self.fill(slot, bytes);
        crate::sync::point!("record: payload");
        // SAFETY: (1) `begin_at_once` found them free, with nothing pending, and wrote the header.
        unsafe { self.send(units) };
        true
    }

    /// Publishes the record whose payload was written, the first `len` bytes of its slot: alone, or behind what is
    /// pending.
    #[inline(always)]
    pub(super) fn seal_and_publish(&mut self, slot: Slot, len: usize, kind: u16) {
        debug_assert!(len <= slot.len, "a payload lies inside its slot");
        if slot.offset != 0 || slot.extended {
            self.seal(slot, 0, len, Plan::whole(kind));
            crate::sync::point!("commit: sealed");
            return self.flush();
        }
        let header = Header::whole(self.number, kind, len).spaced(slot.spaced);
        // SAFETY: (1) inside of what was reserved for the slot.
        unsafe { self.publisher().put_header(0, header) };
        crate::sync::point!("record: sealed");
        // SAFETY: (1) reserved for the slot, which begins where nothing is pending; the header is written.
        unsafe { self.send(header.units()) };
    }

    /// Publishes one whole message. With few stores: each of this process waits its turn among those of the payload, and in a
    /// stream there are as many of them on their way as the processor can hold.
    ///
    /// # Safety
    /// 1. Nothing is pending, and the `units` from the next position on are free and hold one record (M1), whatever its payload.
    #[inline(always)]
    pub(super) unsafe fn send(&mut self, units: u64) {
        debug_assert!(self.pending == 0 && !self.inside, "a message that is sent is the whole run");
        self.number += 1;
        // SAFETY: (1) of this function.
        unsafe { self.commit(units) };
    }

    /// Makes a run of `units` visible, with its anchor and the number behind it, and asks for lines that will be written soon.
    ///
    /// # Safety
    /// 1. As for [`Producer::commit_and`].
    #[inline(always)]
    unsafe fn commit(&mut self, units: u64) {
        self.marks.mark(&self.core.publisher);
        self.core.counters.messages.set(self.number);
        crate::sync::point!("run: number");
        let Self { core, lines, spacing, distance, .. } = self;
        let fetch = |publisher: &Publisher<Unit, Records>| {
            if spacing.is_wanted() && units > SHORT {
                publisher.fetch_behind(units);
            } else if distance.is_far() {
                lines.ask(publisher);
            }
        };
        // SAFETY: (1) of this function; units are valid whatever they hold.
        let first = unsafe { core.commit_and(units, fetch) };
        if self.spacing.is_wanted() {
            if self.spacing.is_due(first) {
                self.look_whether_read(first);
            }
            if !self.is_free(units) {
                self.look_ahead(first, units);
            }
        }
    }

    /// Publishes what is pending.
    #[inline(always)]
    pub(super) fn flush(&mut self) {
        let units = core::mem::take(&mut self.pending);
        if units == 0 {
            return;
        }
        // SAFETY: (1) `pending` counts units that were reserved and are written: whole records (M1).
        unsafe { self.commit(units) };
    }

    /// Ends the message whose fragments were being written, if some are out: its number is used up (M4).
    #[cold]
    pub(super) fn give_up(&mut self) {
        if core::mem::take(&mut self.inside) {
            self.number += 1;
        }
    }

    /// Forgets what is pending.
    pub(super) fn discard(&mut self) {
        self.pending = 0;
        self.number = self.unpublished;
    }

    pub(super) fn check_length(&self, len: u64) -> Result<(), Stuck> {
        if len > self.max_message {
            return Err(Stuck::Failed(PublishError::TooLarge { len, max: self.max_message }));
        }
        Ok(())
    }

    /// Writes one message that `fill` fills, `len` bytes long, behind what is pending.
    #[inline(always)]
    pub(super) fn put_with<P: Grace>(
        &mut self,
        kind: u16,
        len: usize,
        fill: impl FnOnce(&mut [u8]),
        patience: &mut P,
    ) -> Result<(), P::Error> {
        self.check_length(len as u64)?;
        if len > self.largest() {
            return self.put_spilled(kind, len, fill, patience);
        }
        let slot = self.open(len, self.extended(), patience)?;
        fill(self.payload(slot));
        crate::sync::point!("put: filled");
        self.seal(slot, 0, len, Plan::whole(kind));
        Ok(())
    }

    /// Writes one message of which the bytes are there.
    #[inline(always)]
    pub(super) fn put_bytes<P: Grace>(
        &mut self,
        kind: u16,
        bytes: &[u8],
        patience: &mut P,
    ) -> Result<(), P::Error> {
        if bytes.len() > self.largest() {
            self.check_length(bytes.len() as u64)?;
            return self.put_fragments(kind, bytes, patience);
        }
        self.check_length(bytes.len() as u64)?;
        let slot = self.open(bytes.len(), self.extended(), patience)?;
        self.fill(slot, bytes);
        crate::sync::point!("put: copied");
        self.seal(slot, 0, bytes.len(), Plan::whole(kind));
        Ok(())
    }
}

impl fmt::Debug for RecordProducer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordProducer")
            .field("sequence", &self.number)
            .field("capacity", &self.capacity())
            .finish_non_exhaustive()
    }
}
