//! Messages that are longer than a record: cut into fragments, each published as it is written, so that consumers read
//! while the producer writes, and a ring that is smaller than the message is no obstacle (M4).

use super::buffer::{Buffer, NoMemory};
use super::producer::{Plan, RecordProducer};
use crate::producer::PublishError;
use crate::producer::room::{Grace, Stuck};
use crate::ring::records::{UNIT, flag};
use crate::wait::patience::Limit;

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

    /// Cuts a message. Should it fail half-way, the number is used up: consumers drop what there is (M4).
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
        let mut fragments = bytes.chunks(self.largest()).peekable();
        let mut first = true;
        while let Some(fragment) = fragments.next() {
            let slot = match self.open(fragment.len(), first, patience) {
                Ok(slot) => slot,
                Err(error) => {
                    self.give_up();
                    return Err(error);
                }
            };
            self.payload(slot).copy_from_slice(fragment);
            let continued = if first { 0 } else { flag::CONTINUED };
            let more = if fragments.peek().is_some() { flag::MORE } else { 0 };
            let total = if first { bytes.len() as u64 } else { 0 };
            self.seal(slot, 0, fragment.len(), Plan { kind, flags: continued | more, total });
            self.flush();
            first = false;
        }
        Ok(())
    }

    /// Whether all fragments fit now: one who does not wait must not stop half-way.
    fn check_room(&mut self, len: usize) -> Result<(), Stuck> {
        let records = len.div_ceil(self.largest()) as u64;
        let units = (len as u64).div_ceil(UNIT as u64) + records + 1;
        // At the end of the ring, padding of less than a record.
        let padding = self.core.publisher.ring().quantum();
        // Where nobody reads, a message longer than the ring goes through as well.
        let is_free = self.core.room_for(1).scan().entry.is_none();
        if is_free || self.core.free_slots() >= units + padding {
            return Ok(());
        }
        Err(Stuck::Full(self.full()))
    }
}
