//! Plain copies into and out of shared memory, and one word on each side that tells how far it is: the limits of whoever
//! copies. No records, no lengths, nothing but bytes.

use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::MmapRaw;
use myelon_bench::message::Messages;

use super::{Carrier, Ends, Place, Receiver, Rx, Sender, Tx};
use crate::spin::Spin;

/// One side copies in; the other copies out at the same time, or looks at what lies there.
#[derive(Debug)]
pub(crate) enum Memcpy<const OUT: bool> {}

/// The producer copies in and out again: nothing but copies on one core. The consumer only takes the time.
#[derive(Debug)]
pub(crate) enum OneCore {}

const PAGE: usize = 4096;
const SLOTS: usize = 2 * PAGE;
const LINE: usize = 64;
/// A consumer tells how far it is after so many bytes.
const RELEASE_EVERY: usize = 64 << 10;
/// Pauses of the processor between two looks of somebody who is not in a hurry.
const RARELY: u32 = 100;

#[derive(Debug)]
struct Ring {
    map: MmapRaw,
    slots: u64,
    length: usize,
    stride: usize,
}

impl Ring {
    fn new(place: &Place, channel: &str) -> Self {
        let (length, slots) = (place.lengths.longest(), place.in_flight);
        let stride = length.next_multiple_of(LINE);
        let map = place.map(channel, (SLOTS + slots * stride) as u64);
        Self { map, slots: slots as u64, length, stride }
    }

    /// How many messages the producer has copied in, at 0, and how many the consumer has done with, at `PAGE`.
    #[inline(always)]
    fn word(&self, offset: usize) -> &AtomicU64 {
        // SAFETY: 0 or `PAGE`, both below the length of the mapping.
        let word = unsafe { self.map.as_mut_ptr().add(offset) };
        // SAFETY: inside of the mapping, which is zeroed at first, and a multiple of 8 from its page-aligned start.
        unsafe { AtomicU64::from_ptr(word.cast()) }
    }

    #[inline(always)]
    fn slot(&self, sequence: u64) -> *mut u8 {
        // SAFETY: the slot is one of those that the mapping was made for.
        unsafe { self.map.as_mut_ptr().add(SLOTS + (sequence % self.slots) as usize * self.stride) }
    }

    #[inline(always)]
    fn copy_in(&self, sequence: u64, message: &[u8]) {
        assert_eq!(message.len(), self.length, "all messages have this length");
        // SAFETY: a slot has room for `length` bytes, and the consumer has done with it.
        unsafe { self.slot(sequence).copy_from_nonoverlapping(message.as_ptr(), self.length) };
    }

    #[inline(always)]
    fn message(&self, sequence: u64) -> &[u8] {
        // SAFETY: a slot has `length` bytes, and the producer writes to it only when the consumer has done with it.
        unsafe { std::slice::from_raw_parts(self.slot(sequence), self.length) }
    }

    #[inline(always)]
    fn copy_out(&self, sequence: u64, message: &mut [u8]) {
        assert_eq!(message.len(), self.length, "all messages have this length");
        // SAFETY: a slot has `length` bytes, and the producer writes to it only when the consumer has done with it.
        unsafe { self.slot(sequence).copy_to_nonoverlapping(message.as_mut_ptr(), self.length) };
    }
}

/// Copies in.
#[derive(Debug)]
pub(crate) struct Producer {
    ring: Ring,
    next: u64,
    /// Up to here the consumer was seen to have done with the slots.
    limit: u64,
}

/// Copies out, or looks.
#[derive(Debug)]
pub(crate) struct Consumer<const OUT: bool> {
    ring: Ring,
    next: u64,
    out: Vec<u8>,
}

impl<const OUT: bool> Carrier for Memcpy<OUT> {
    type Sender = Producer;
    type Receiver = Consumer<OUT>;

    fn create(place: &Place, channel: &str) -> Producer {
        Producer { ring: Ring::new(place, channel), next: 0, limit: place.in_flight as u64 }
    }

    fn attach(place: &Place, channel: &str) -> Consumer<OUT> {
        let ring = Ring::new(place, channel);
        let out = vec![0; ring.length];
        Consumer { ring, next: 0, out }
    }
}

impl Sender for Producer {
    #[inline(always)]
    fn send(&mut self, message: &[u8]) {
        let mut spin = Spin::default();
        while self.next == self.limit {
            self.limit = self.ring.word(PAGE).load(Ordering::Acquire) + self.ring.slots;
            spin.once();
        }
        self.ring.copy_in(self.next, message);
        self.next += 1;
        self.ring.word(0).store(self.next, Ordering::Release);
    }
}

impl<const OUT: bool> Consumer<OUT> {
    /// Shows the message that is there, and does with it what `OUT` says.
    #[inline(always)]
    fn show<R>(&mut self, mut look: impl FnMut(&[u8]) -> R) -> R {
        let seen = if OUT {
            self.ring.copy_out(self.next, &mut self.out);
            look(&self.out)
        } else {
            look(self.ring.message(self.next))
        };
        self.next += 1;
        seen
    }

    fn release(&self) {
        self.ring.word(PAGE).store(self.next, Ordering::Release);
    }
}

impl<const OUT: bool> Receiver for Consumer<OUT> {
    #[inline(always)]
    fn next<R>(&mut self, look: impl FnMut(&[u8]) -> R) -> R {
        let mut spin = Spin::default();
        while self.ring.word(0).load(Ordering::Acquire) == self.next {
            spin.hot();
        }
        let seen = self.show(look);
        self.release();
        seen
    }

    #[inline(always)]
    fn all(&mut self, mut look: impl FnMut(&[u8])) {
        let end = self.ring.word(0).load(Ordering::Acquire);
        let every = (RELEASE_EVERY / self.ring.stride).max(1) as u64;
        while self.next < end {
            self.show(&mut look);
            if self.next.is_multiple_of(every) || self.next == end {
                self.release();
            }
        }
        std::hint::spin_loop();
    }
}

/// Copies in and out.
#[derive(Debug)]
pub(crate) struct Copier {
    ring: Ring,
    messages: Messages,
    out: Vec<u8>,
}

/// Sees how far the copier is.
#[derive(Debug)]
pub(crate) struct Onlooker(Ring);

impl Ends for OneCore {
    type Tx = Copier;
    type Rx = Onlooker;

    fn create(place: &Place, channel: &str) -> Copier {
        let ring = Ring::new(place, channel);
        let out = vec![0; ring.length];
        Copier { ring, messages: Messages::new(place.lengths), out }
    }

    fn attach(place: &Place, channel: &str, _: usize) -> Onlooker {
        Onlooker(Ring::new(place, channel))
    }
}

impl Tx for Copier {
    #[inline(always)]
    fn publish(&mut self, sequence: u64) {
        self.ring.copy_in(sequence, self.messages.message(sequence));
        self.ring.copy_out(sequence, &mut self.out);
        assert_eq!(self.messages.difference(&self.out, sequence), 0, "what was copied is not the same");
        self.ring.word(0).store(sequence + 1, Ordering::Release);
    }
}

impl Rx for Onlooker {
    fn recv(&mut self, sequence: u64) -> u64 {
        let mut wrong = 0;
        while self.drain(sequence, &mut wrong) == 0 {}
        wrong
    }

    /// Looks rarely, so as to leave the copier alone.
    fn drain(&mut self, next: u64, _: &mut u64) -> u64 {
        for _ in 0..RARELY {
            std::hint::spin_loop();
        }
        self.0.word(0).load(Ordering::Acquire) - next
    }
}
