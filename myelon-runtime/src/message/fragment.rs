//! Messages that are longer than a record: cut into fragments, each published as it is written, so that consumers read
//! while the producer writes, and a ring that is smaller than the message is no obstacle (M4).

use std::time::Instant;

use super::buffer::{Buffer, NoMemory};
use super::producer::{Plan, RecordProducer};
use crate::producer::PublishError;
use crate::producer::room::{Grace, Stuck};
use crate::ring::records::{UNIT, flag};
use crate::wait::patience::Limit;

/// A message that is being cut. However that ends: if it ends half-way, its number is used up, and consumers drop what there
/// is (M4).
struct Cut<'a>(&'a mut RecordProducer);

impl Drop for Cut<'_> {
    fn drop(&mut self) {
        self.0.give_up();
        self.0.spacing.suspend(false);
    }
}

impl RecordProducer {
    /// Fills memory of this process and cuts that.
    #[cold]
    pub(super) fn put_spilled<P: Grace>(
        &mut self,
        kind: u16,
        len: usize,
        fill: impl FnOnce(&mut [u8]),
        patience: &mut P,
    ) -> Result<(), P::Error> {
        let mut scratch = core::mem::replace(&mut self.scratch, Buffer::new());
        let put = match scratch.take(len) {
            Ok(bytes) => {
                fill(bytes);
                self.put_fragments(kind, bytes, patience)
            }
            Err(NoMemory) => Err(Stuck::Failed(PublishError::OutOfMemory { len: len as u64 }).into()),
        };
        self.scratch = scratch;
        put
    }

    /// Cuts a message.
    #[cold]
    #[inline(never)]
    pub(super) fn put_fragments<P: Grace>(
        &mut self,
        kind: u16,
        bytes: &[u8],
        patience: &mut P,
    ) -> Result<(), P::Error> {
        // What is pending must not wait for the fragments.
        self.flush();
        if matches!(patience.limit(), Limit::Now) {
            self.check_room(bytes.len())?;
        }
        // Fragments need no distance: more of the same message follows.
        self.spacing.suspend(true);
        Cut(self).0.put_each(kind, bytes, patience)
    }

    fn put_each<P: Grace>(&mut self, kind: u16, bytes: &[u8], patience: &mut P) -> Result<(), P::Error> {
        let mut fragments = bytes.chunks(self.largest()).peekable();
        let mut first = true;
        while let Some(fragment) = fragments.next() {
            let slot = self.open(fragment.len(), first, patience)?;
            self.fill(slot, fragment);
            crate::sync::point!("fragment: copied");
            let continued = if first { 0 } else { flag::CONTINUED };
            let more = if fragments.peek().is_some() { flag::MORE } else { 0 };
            let total = if first { bytes.len() as u64 } else { 0 };
            self.seal(slot, 0, fragment.len(), Plan { kind, flags: continued | more, total });
            debug_assert!(!first || self.pending == self.publisher().ring().quantum(), "M4: spans a quantum");
            self.flush();
            crate::sync::point!("fragment: out");
            first = false;
        }
        Ok(())
    }

    /// Whether all fragments fit now: one who does not wait must not stop half-way. Dead consumers that may be let go are.
    fn check_room(&mut self, len: usize) -> Result<(), Stuck> {
        self.looked();
        if !self.core.is_ours() {
            return Err(Stuck::Failed(PublishError::Forked));
        }
        let units = self.units_of(len);
        let capacity = self.core.capacity();
        let now = Instant::now();
        loop {
            let next = self.core.publisher.next();
            let mut room = self.core.room_for(1).passing((next + units).saturating_sub(capacity));
            let gate = room.scan();
            // Where nobody reads, a message longer than the ring goes through as well.
            let lag = room.full().lag;
            if gate.entry.is_none() || capacity.saturating_sub(lag) >= units {
                return Ok(());
            }
            if !room.clear(now).map_err(Stuck::Failed)? {
                break;
            }
        }
        self.core.counters.full.add(1);
        Err(Stuck::Full(self.full()))
    }

    /// Units from the next position to the end of a message that is cut, padding included.
    fn units_of(&self, len: usize) -> u64 {
        let ring = self.core.publisher.ring();
        let next = self.core.publisher.next();
        let mut at = next;
        let mut left = len;
        while left != 0 {
            let fragment = left.min(self.largest());
            let units = 1 + u64::from(left == len) + (fragment as u64).div_ceil(UNIT as u64);
            let until_wrap = ring.until_wrap(at);
            at += units + if units > until_wrap { until_wrap } else { 0 };
            left -= fragment;
        }
        at - next
    }
}
