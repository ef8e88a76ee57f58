//! What a producer does, against the model.

use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::model::Put;
use super::ops::{Fill, Form, How, Len};
use super::world::World;
use super::{Plan, UNIT};
use crate::channel::testing::die;
use crate::producer::{Full, PublishError, PublishTimeoutError, TryPublishError};
use crate::ring::records::{Header, Marks};
use crate::wait::patience::Now;

/// A kind, to tell forms apart.
const CLAIMED: u16 = 7;

/// Not `panic!`: nobody wants to read of it.
fn panics() -> ! {
    resume_unwind(Box::new(()))
}

impl World {
    /// A publish that did not wait ended as the model says.
    fn agree<T>(&self, published: Result<T, TryPublishError>, put: Put) -> Option<T> {
        match (published, put) {
            (Ok(value), Put::Done) => Some(value),
            (Err(TryPublishError::Full(full)), Put::Full) => {
                self.check_full(full);
                None
            }
            (Ok(_), put) => panic!("published, and not {put:?}"),
            (Err(error), put) => panic!("{error}, and not {put:?}"),
        }
    }

    fn check_full(&self, full: Full) {
        let gate = self.gate();
        assert_eq!(self.cursor(full.gating), gate);
        assert_eq!(full.lag_bytes, (self.model.published - gate) * UNIT as u64);
    }

    pub(super) fn publish(&mut self, form: Form, len: usize, fill: Fill) {
        let (gate, number) = (self.gate(), self.model.number());
        let bytes = self.bytes(len, fill);
        let published = match form {
            Form::Try => self.tx().try_publish(&bytes),
            Form::Kind(kind) => self.tx().try_publish_kind(kind, &bytes),
            Form::With => self.tx().try_publish_with(len, |to| to.copy_from_slice(&bytes)),
            Form::WithPanic => return self.publish_with_panic(len),
            Form::Timeout => return self.publish_timeout(&bytes),
        };
        let kind = if let Form::Kind(kind) = form { kind } else { 0 };
        let put = self.model.put(kind, &bytes, gate, true);
        assert_eq!(self.agree(published, put).unwrap_or(number), number);
    }

    fn publish_with_panic(&mut self, len: usize) {
        let gate = self.gate();
        let tx = self.tx();
        let published = catch_unwind(AssertUnwindSafe(|| tx.try_publish_with(len, |_| panics())));
        if len > self.model.largest() {
            assert!(published.is_err());
            return;
        }
        match (published, self.model.record(len, 0, None, gate)) {
            (Err(_), Put::Done) => {}
            (Ok(published), put) => assert_eq!(self.agree(published, put), None),
            (Err(_), put) => panic!("room, and not {put:?}"),
        }
    }

    fn publish_timeout(&mut self, bytes: &[u8]) {
        let (gate, number) = (self.gate(), self.model.number());
        let published = self.tx().publish_timeout(bytes, Duration::ZERO);
        match (published, self.model.put(0, bytes, gate, false)) {
            (Ok(sequence), Put::Done) => assert_eq!(sequence, number),
            (Err(PublishTimeoutError::TimedOut(Some(blocker))), Put::Full | Put::GaveUp) => {
                assert_eq!(self.cursor(blocker.entry), gate);
            }
            (other, put) => panic!("{other:?}, and not {put:?}"),
        }
    }

    pub(super) fn publish_slice(&mut self, several: &[(Len, Fill)]) {
        let gate = self.gate();
        let several: Vec<Vec<u8>> =
            several.iter().map(|(len, fill)| self.bytes(len.of(self.ring_bytes), *fill)).collect();
        let number = self.model.number();
        let published = self.tx().try_publish_slice(&several);
        let put = self.put_all(&several, gate);
        assert_eq!(published.as_ref().map_or_else(|error| error.published, |_| several.len() as u64), put);
        assert_eq!(published.unwrap_or(number), number);
    }

    /// How many of them went in.
    fn put_all(&mut self, several: &[Vec<u8>], gate: u64) -> u64 {
        let full = several.iter().position(|bytes| self.model.put(0, bytes, gate, true) != Put::Done);
        full.unwrap_or(several.len()) as u64
    }

    pub(super) fn publish_batch(&mut self, several: &[(Len, Fill)], panic: Option<usize>) {
        let gate = self.gate();
        let several: Vec<Vec<u8>> =
            several.iter().map(|(len, fill)| self.bytes(len.of(self.ring_bytes), *fill)).collect();
        let number = self.model.number();
        let tx = self.tx();
        let published = catch_unwind(AssertUnwindSafe(|| {
            tx.try_publish_batch(several.len(), |index| {
                if Some(index) == panic { panics() } else { &several[index][..] }
            })
        }));
        if let Ok(published) = published {
            let put = self.put_all(&several, gate);
            assert_eq!(published.map_or_else(|error| error.published, |_| several.len() as u64), put);
            assert!(panic.is_none_or(|panic| put <= panic as u64));
            return;
        }
        // Of the run that was being filled nothing went out.
        let out = (self.tx().sequence() - number) as usize;
        let ready = &several[..panic.unwrap()];
        assert_eq!(self.put_all(&ready[..out], gate), out as u64);
        if self.ring().plausible() != Ok(self.model.published) {
            // But the padding before it.
            assert_eq!(self.model.record(ready[out].len(), 0, None, gate), Put::Done);
        }
    }

    pub(super) fn claim(&mut self, max: Len, len: Option<Len>, fill: Fill) {
        let (gate, number) = (self.gate(), self.model.number());
        let max = max.in_record(self.ring_bytes);
        let len = len.map(|len| len.of(self.ring_bytes));
        let bytes = self.bytes(max, fill);
        let commits = len.filter(|len| *len <= max);
        let put = self.model.record(max, 0, commits.map(|len| (CLAIMED, &bytes[..len])), gate);
        let mut claim = match self.tx.as_mut().unwrap().try_claim(max) {
            Ok(claim) => claim,
            Err(error) => return assert_eq!(self.agree(Err::<(), _>(error), put), None),
        };
        assert_eq!((put, claim.len(), claim.sequence()), (Put::Done, max, number));
        claim.copy_from_slice(&bytes);
        claim.set_kind(CLAIMED);
        let Some(len) = len else { return };
        let committed = claim.commit(len);
        if len <= max {
            assert_eq!(committed, Ok(number));
        } else {
            assert_eq!(committed, Err(PublishError::TooLarge { len: len as u64, max: max as u64 }));
        }
    }

    /// As a format does that builds from the end of its room to the front.
    pub(super) fn front(&mut self, slot: Len, front: Len, fill: Fill) {
        let gate = self.gate();
        let room = slot.in_record(self.ring_bytes);
        let front = front.of(self.ring_bytes) % (room + 1);
        let bytes = self.bytes(room - front, fill);
        let put = self.model.record(room, front, Some((CLAIMED, &bytes)), gate);
        let tx = self.tx.as_mut().unwrap();
        let extended = tx.extended();
        let opened: Result<_, TryPublishError> = tx.open(room, extended, &mut Now);
        let Some(slot) = self.agree(opened, put) else { return };
        let tx = self.tx.as_mut().unwrap();
        let payload = tx.payload(slot);
        payload.fill(0xff);
        payload[front..].copy_from_slice(&bytes);
        tx.seal(slot, front, bytes.len(), Plan::whole(CLAIMED));
        tx.flush();
    }

    pub(super) fn succeed(&mut self, how: How) {
        let mut tx = self.tx.take().unwrap();
        if let How::DieWriting(seed) = how {
            let core = &mut tx.core;
            Marks::of(&core.publisher).mark(&core.publisher);
            core.publisher.scan(|_, _| ());
            for offset in 0..core.publisher.room().min(seed) {
                let header =
                    Header { number: seed, len: (seed * 7) as u32, kind: 9, flags: 0, slack: 0, lead: 0 };
                // SAFETY: (1) there is room.
                unsafe { core.publisher.put_header(offset, header) };
            }
        }
        match how {
            How::Detach => tx.into_shared().detach(),
            How::Die | How::DieWriting(_) => die(tx),
        }
        self.create();
        self.model.succeed();
    }
}
