//! Publishing values whose length nobody knows before they are encoded.

use super::buffer::Buffer;
use super::format::Encode;
use super::producer::{Plan, RecordProducer};
use crate::codec::EncodeError;
use crate::producer::PublishError;
use crate::producer::room::{Grace, Stuck};
use crate::ring::records::UNIT;

impl RecordProducer {
    /// Writes one message that is made of a value, straight into the ring where that can be; there it is published as well, if
    /// it is `alone`. Else it is pending.
    #[inline(always)]
    pub(super) fn put_item<L: Encode, P: Grace>(
        &mut self,
        item: &L::Item,
        alone: bool,
        patience: &mut P,
    ) -> Result<(), P::Error> {
        if let Some(bytes) = L::as_bytes(item) {
            return self.put_bytes(L::SENT_AS, bytes, patience);
        }
        let hint = L::size_hint(item);
        let mut room = if hint == 0 { self.expected } else { hint }.min(self.max_message as usize);
        while room <= self.largest() {
            // How much it really takes is known when it is encoded.
            let Some(slot) = self.open_at_hand(room) else { break };
            match L::encode(item, self.payload(slot)) {
                Ok(len) if len <= room => {
                    self.note_length(len);
                    if alone {
                        self.seal_and_publish(slot, len, L::SENT_AS);
                    } else {
                        self.seal(slot, 0, len, Plan::whole(L::SENT_AS));
                    }
                    return Ok(());
                }
                Err(EncodeError::Full) if room < self.max_message as usize => {
                    room = more(room).min(self.max_message as usize);
                }
                Err(EncodeError::Full) => break,
                other => return Err(refused(other).into()),
            }
        }
        self.put_item_spilled::<L, P>(item, room, patience)
    }

    /// The next value may take as much.
    #[inline(always)]
    pub(super) fn note_length(&mut self, len: usize) {
        self.expected = len.next_multiple_of(8 * UNIT).max(8 * UNIT);
    }

    /// The same for one that does not fit a record, or for which there may be no room: through memory of this process.
    #[cold]
    #[inline(never)]
    fn put_item_spilled<L: Encode, P: Grace>(
        &mut self,
        item: &L::Item,
        room: usize,
        patience: &mut P,
    ) -> Result<(), P::Error> {
        let mut scratch = core::mem::replace(&mut self.scratch, Buffer::new());
        let put = match self.encode_spilled::<L>(item, room, &mut scratch) {
            Ok(len) => {
                self.note_length(len);
                self.put_bytes(L::SENT_AS, scratch.get(len), patience)
            }
            Err(stuck) => Err(stuck.into()),
        };
        self.scratch = scratch;
        put
    }

    fn encode_spilled<L: Encode>(
        &self,
        item: &L::Item,
        room: usize,
        scratch: &mut Buffer,
    ) -> Result<usize, Stuck> {
        let max = self.max_message as usize;
        let mut room = room.min(max);
        loop {
            let bytes = scratch
                .take(room)
                .map_err(|_| Stuck::Failed(PublishError::OutOfMemory { len: room as u64 }))?;
            match L::encode(item, bytes) {
                Ok(len) if len <= room => return Ok(len),
                Err(EncodeError::Full) if room < max => room = more(room).min(max),
                Err(EncodeError::Full) => {
                    let len = L::size_hint(item).max(max + 1) as u64;
                    return Err(Stuck::Failed(PublishError::TooLarge { len, max: max as u64 }));
                }
                other => return Err(refused(other)),
            }
        }
    }
}

/// What to try after `room` was not enough.
fn more(room: usize) -> usize {
    room.saturating_mul(4).max(4 * UNIT)
}

/// What an encoder said that is not for another try.
#[cold]
fn refused(outcome: Result<usize, EncodeError>) -> Stuck {
    let error = match outcome {
        Err(error) => error,
        Ok(_) => EncodeError::failed("the format says that it wrote more than it had room for"),
    };
    Stuck::Failed(PublishError::Encode(error))
}
