//! What consumers do, against the model.

use core::ops::ControlFlow;

use super::model::Model;
use super::ops::{Exit, Take};
use super::walk::{Outcome, Walk};
use super::world::{Holds, Left, Live, Seat, World};
use super::{MessageMeta, UNIT};
use crate::channel::testing::die;
use crate::consumer::{RecvError, TryRecvError};
use crate::lifecycle::LifecycleCause;
use crate::producer::TryPublishError;
use crate::sync::Ordering;
use crate::sync::fuse::dies_at;

/// A message as it was received.
fn verify(model: &Model, number: u64, meta: MessageMeta, bytes: &[u8]) {
    let message = &model.messages[number as usize];
    assert!(message.whole, "message {number} was given up");
    let reassembled = message.fragments > 1;
    assert_eq!((meta.sequence, meta.kind, meta.reassembled), (number, message.kind, reassembled));
    assert_eq!(meta.latency().is_some(), model.timestamps);
    assert_eq!(bytes.as_ptr().addr() % UNIT, message.lead, "alignment of message {number}");
    assert!(bytes == &message.bytes[..], "message {number} of {} bytes", message.bytes.len());
}

impl Live {
    /// Whether it stands where it should, given its cursor. Returns the number that it noted there.
    pub(super) fn check(&self, model: &Model, cursor: u64) -> u64 {
        let noted = self.rx.released_number();
        match self.holds {
            Holds::Nothing => {
                assert_eq!(cursor, self.walk.cursor(model));
                // One that was told of as lost, or as too long, is noted as such by the next call.
                let told = u64::from(self.rx.is_lent());
                assert_eq!((noted + told, self.rx.sequence()), (self.walk.released(), self.walk.released()));
            }
            Holds::Ready(before, number) | Holds::Forgotten(before, number) => {
                let last = model.from(before.cursor(model)).filter(|record| record.number == number).last();
                assert!(cursor >= before.cursor(model) && cursor <= last.unwrap().at);
                assert!(noted >= before.released() && noted <= number);
                let next = number + u64::from(matches!(self.holds, Holds::Forgotten(..)));
                assert_eq!(self.rx.sequence(), next);
            }
        }
        assert_eq!(self.rx.lag(), model.told.saturating_sub(noted));
        noted
    }

    /// A message that is told to one who resumes where this one stopped, unless it is received again.
    fn owes(&self) -> Option<u64> {
        match self.holds {
            Holds::Nothing => self.walk.owed(),
            Holds::Ready(_, number) | Holds::Forgotten(_, number) => Some(number),
        }
    }

    /// What the next call that receives should tell first; and how this consumer was before that.
    fn expect(&mut self, model: &Model, closed: bool) -> (Outcome, Walk) {
        if let Holds::Ready(before, number) = core::mem::replace(&mut self.holds, Holds::Nothing) {
            return (Outcome::Message(number), before);
        }
        let before = self.walk;
        match self.walk.next(model) {
            Outcome::Nothing if closed => (self.walk.end(), before),
            outcome => (outcome, before),
        }
    }
}

/// A receive that gave no message gave what it should.
fn agree<T>(received: Result<Option<T>, TryRecvError>, expected: Outcome, closed: bool) {
    let told = match received {
        Ok(None) if closed => Outcome::Nothing,
        Err(TryRecvError::Empty) if !closed => Outcome::Nothing,
        Err(TryRecvError::Failed(RecvError::Incomplete { sequence })) => Outcome::Incomplete(sequence),
        Err(TryRecvError::Failed(RecvError::TooLong { sequence, .. })) => Outcome::TooLong(sequence),
        Err(error) => panic!("{error}, and not {expected:?}"),
        Ok(_) => panic!("a message, and not {expected:?}"),
    };
    assert_eq!(told, expected);
}

impl World {
    /// False if there was nothing to receive.
    pub(super) fn receive(&mut self, who: usize, take: Take) -> bool {
        let entries: Vec<u32> = self.gating().collect();
        let Seat::Live(live) = &mut self.seats[who] else { return false };
        let closed = self.tx.is_none();
        let (expected, before) = live.expect(&self.model, closed);
        let Outcome::Message(number) = expected else {
            agree(live.rx.try_recv(), expected, closed);
            return expected != Outcome::Nothing;
        };
        let lease = live.rx.try_recv().unwrap().unwrap();
        verify(&self.model, number, lease.meta(), &lease);
        match (take, &mut self.tx) {
            (Take::Owned, _) => {
                assert!(lease.into_owned().unwrap() == self.model.messages[number as usize].bytes);
            }
            (Take::Forget, _) => {
                core::mem::forget(lease);
                live.holds = Holds::Forgotten(before, number);
            }
            (Take::Hold, Some(tx)) => {
                let ring = *tx.core.publisher.ring();
                let gate =
                    entries.iter().map(|entry| ring.cursor(*entry).unwrap().load(Ordering::Relaxed)).min();
                let len = self.model.largest().min(100);
                loop {
                    match tx.try_publish(&vec![0xee; len]) {
                        Ok(_) => self.model.put(0, &vec![0xee; len], gate.unwrap(), true),
                        Err(TryPublishError::Full(_)) => break,
                        Err(error) => panic!("{error}"),
                    };
                }
                // The padding, perhaps.
                self.model.put(0, &vec![0xee; len], gate.unwrap(), true);
                verify(&self.model, number, lease.meta(), &lease);
            }
            (Take::Lease | Take::Hold, _) => drop(lease),
        }
        true
    }

    pub(super) fn wait(&mut self, who: usize) {
        let Seat::Live(live) = &mut self.seats[who] else { return };
        let (expected, before) = live.expect(&self.model, false);
        match (live.rx.try_wait(), expected) {
            (Ok(true), Outcome::Message(number)) => live.holds = Holds::Ready(before, number),
            (other, _) => agree(other.map(|_| Some(())), expected, false),
        }
    }

    pub(super) fn drain(&mut self, who: usize, stop: Option<u64>) {
        let Seat::Live(live) = &mut self.seats[who] else { return };
        let (expected, _) = live.expect(&self.model, false);
        let mut next = Some(expected);
        let mut last = false;
        let mut count = 0;
        let (model, walk) = (&self.model, &mut live.walk);
        let drained = live.rx.try_drain_while(|bytes, meta| {
            let Outcome::Message(number) = next.take().unwrap_or_else(|| walk.next(model)) else {
                panic!("message {} should not be there", meta.sequence)
            };
            verify(model, number, meta, bytes);
            assert!(!last, "the end of the batch was told");
            last = meta.end_of_batch;
            count += 1;
            if Some(count) == stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        match (drained, expected) {
            (Ok(drained), Outcome::Message(_)) => {
                assert!(drained == count && count > 0);
                assert!(last || Some(count) == stop);
            }
            (other, _) => agree(other.map(Some), expected, false),
        }
    }

    pub(super) fn batch(&mut self, who: usize, count: usize) {
        let Seat::Live(live) = &mut self.seats[who] else { return };
        let (expected, before) = live.expect(&self.model, false);
        let Outcome::Message(first) = expected else { return agree(live.rx.try_batch(), expected, false) };
        let mut batch = live.rx.try_batch().unwrap().unwrap();
        let len = batch.len();
        assert!(len > 0 && batch.sequence() == first);
        for index in 0..count.min(len) {
            let number = first + index as u64;
            assert_eq!((batch.sequence(), batch.len()), (number, len - index));
            assert!(index == 0 || live.walk.next(&self.model) == Outcome::Message(number));
            let bytes: *const [u8] = batch.next().unwrap();
            // SAFETY: yielded last.
            verify(&self.model, number, batch.meta(), unsafe { &*bytes });
            assert_eq!(batch.meta().end_of_batch, index + 1 == len);
        }
        if count > len {
            assert!(batch.next().is_none() && batch.is_empty());
        }
        drop(batch);
        if count == 0 {
            live.holds = Holds::Ready(before, first);
        }
    }

    pub(super) fn leave(&mut self, who: usize, exit: Exit) {
        if !matches!(self.seats[who], Seat::Live(_)) {
            return;
        }
        let Seat::Live(mut live) = core::mem::replace(&mut self.seats[who], Seat::Unknown) else { return };
        let entry = live.rx.core.reader.entry();
        let number = live.rx.released_number();
        let mut left = Left { entry, cursor: self.cursor(entry), number, owes: live.owes() };
        match exit {
            Exit::Close => live.rx.into_shared().close(),
            Exit::Die => {
                die(live.rx);
                assert_eq!(self.cursor(entry), left.cursor);
                self.seats[who] = Seat::Dead(left);
            }
            // The next call that receives gives back what was lent: in the middle of that. What it was told it knows, for it
            // came back.
            Exit::DieSettling => {
                if !matches!(live.holds, Holds::Ready(..)) && live.rx.is_lent() {
                    assert!(dies_at("settle: numbered", 0, || live.rx.release()).is_none());
                    left = Left { number: live.rx.released_number(), owes: None, ..left };
                    assert_eq!(left.number, number.max(live.walk.released()));
                }
                die(live.rx);
                assert_eq!(self.cursor(entry), left.cursor);
                self.seats[who] = Seat::Dead(left);
            }
            Exit::Detach => {
                live.rx.into_shared().detach();
                if !matches!(live.holds, Holds::Ready(..)) {
                    // All that was told is noted.
                    live.walk.forget_told();
                    let (cursor, owes) = (live.walk.cursor(&self.model), live.walk.untold());
                    left = Left { cursor, number: live.walk.released(), owes, entry };
                }
                assert_eq!(self.cursor(entry), left.cursor);
                self.seats[who] = Seat::Detached(left);
            }
        }
    }

    pub(super) fn evict(&mut self, who: usize) {
        let Seat::Dead(left) = self.seats[who] else { return };
        assert!(self.tx().core.segment.evict(left.entry, 0, LifecycleCause::ConsumerDeathEvict).unwrap());
        self.seats[who] = Seat::Evicted(left);
    }
}
