//! Publishing tables of FlatBuffers: built in the ring, from the end of a record to its front.
//!
//! How long a table gets nobody knows before it is built, and it is built once. So it gets room for what the last ones
//! took; what is left of that in front becomes padding (M5). What does not fit is built in memory of this process and
//! copied.

use ::flatbuffers::WIPOffset;

use super::buffer::Buffer;
use super::producer::{Plan, RecordProducer};
use super::publish::{MessageProducer, Run};
use super::tables::Tables;
use crate::codec::flatbuffers::{Built, Family, TableBuilder};
use crate::producer::room::{Grace, Stuck};
use crate::producer::{PublishError, PublishTimeoutError, SliceError, TryPublishError};
use crate::ring::Sequence;
use crate::ring::records::UNIT;
use crate::wait::patience::forms;

impl RecordProducer {
    /// Writes one message that `make` builds, behind what is pending.
    fn put_built<F: Family, P: Grace>(
        &mut self,
        kind: u16,
        make: impl for<'b> FnOnce(&mut TableBuilder<'b>) -> WIPOffset<F::Table<'b>>,
        patience: &mut P,
    ) -> Result<(), P::Error> {
        let max = self.max_message as usize;
        let room = self.expected.min(self.largest()) / UNIT * UNIT;
        let mut scratch = self.tables.take().unwrap_or_default();
        let mut spare = Buffer::new();
        // How much it really takes is known when it is built.
        let slot = self.open_at_hand(room);
        let out = if let Some(slot) = slot {
            self.payload(slot)
        } else {
            spare = core::mem::replace(&mut self.scratch, spare);
            spare.take(room).unwrap_or_default()
        };
        let end = out.len();
        let put = match (scratch.build::<F>(out, max, make), slot) {
            (Built::InSlot { head }, Some(slot)) => {
                let len = end - head;
                self.note_length(len);
                self.seal(slot, head, len, Plan::whole(kind));
                Ok(())
            }
            (Built::InSlot { head }, None) => {
                self.put_table(kind, spare.get(end).get(head..).unwrap_or_default(), patience)
            }
            (Built::Spilled, _) => self.put_table(kind, scratch.spilled(), patience),
            (Built::TooLarge { len }, _) => Err(too_large(len, max).into()),
        };
        if slot.is_none() {
            self.scratch = spare;
        }
        self.tables = Some(scratch);
        put
    }

    /// Copies one that was built in memory of this process.
    #[cold]
    fn put_table<P: Grace>(&mut self, kind: u16, bytes: &[u8], patience: &mut P) -> Result<(), P::Error> {
        self.note_length(bytes.len());
        self.put_bytes(kind, bytes, patience)
    }
}

#[cold]
fn too_large(len: usize, max: usize) -> Stuck {
    Stuck::Failed(PublishError::TooLarge { len: len as u64, max: max as u64 })
}

impl<F: Family, const KIND: u16> MessageProducer<Tables<F, KIND>> {
    #[inline]
    fn built<P: Grace>(
        &mut self,
        make: impl for<'b> FnOnce(&mut TableBuilder<'b>) -> WIPOffset<F::Table<'b>>,
        mut patience: P,
    ) -> Result<Sequence, P::Error> {
        let put = self.put_built::<F, P>(KIND, make, &mut patience);
        self.publish_one(put)
    }

    #[inline]
    fn many_built<P: Grace>(
        &mut self,
        count: usize,
        mut make: impl for<'b> FnMut(usize, &mut TableBuilder<'b>) -> WIPOffset<F::Table<'b>>,
        mut patience: P,
    ) -> Result<Sequence, SliceError<P::Error>> {
        let run = Run(&mut *self);
        let first = run.0.sequence();
        let mut outcome = Ok(first);
        for index in 0..count {
            let put = run.0.put_built::<F, P>(KIND, |builder| make(index, builder), &mut patience);
            if let Err(source) = put {
                outcome = Err(SliceError { published: index as u64, source });
                break;
            }
        }
        run.0.flush();
        outcome
    }
}

forms! {
    impl[F: Family, const KIND: u16] MessageProducer<Tables<F, KIND>>;
    blocking(PublishError, "[`PublishError`]: too long, or the wait for room could not go on.");
    now(TryPublishError, "[`TryPublishError::Full`] if there is no room at the moment, for all of it.");
    timed(PublishTimeoutError, "[`PublishTimeoutError::TimedOut`] names the consumer that was in the way.");

    /// Publishes one message that `make` builds in the ring, and returns its sequence. If `make` panics, nothing is
    /// published and nothing is harmed.
    ///
    /// `make` gets FlatBuffers' own builder and returns the root table. It does not call `finish`.
    built: publish_with, try_publish_with, publish_with_timeout, publish_with_deadline
        (make: impl for<'b> FnOnce(&mut TableBuilder<'b>) -> WIPOffset<F::Table<'b>>) -> Sequence;

    /// Publishes `count` messages that `make` builds, and returns the sequence of the first. `make` gets the index in the
    /// batch.
    ///
    /// They go in as room appears, in runs of at most a quarter of the ring; a run becomes visible as a whole. If `make`
    /// panics, the run it was filling is not published; earlier runs are.
    many_built: publish_batch, try_publish_batch, publish_batch_timeout, publish_batch_deadline
        (count: usize, make: impl for<'b> FnMut(usize, &mut TableBuilder<'b>) -> WIPOffset<F::Table<'b>>)
        -> Sequence, wrapped in SliceError;
}
