//! Rings of a few lines without any check: the limit of what such a ring can do on this machine.
//!
//! They know nothing of death, joining, waiting, layouts or errors. One producer that caches its gate, consumers
//! that each store a cursor.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::MmapRaw;
use myelon_bench::{Words, difference, event};

use super::{Place, Rx, Subject, Tx};
use crate::control::MOST_CONSUMERS;
use crate::spin::{Pause, Spin};
use myelon_bench::channel::CAPACITY;

/// What a bare ring does beyond the least.
pub(crate) trait Kind: 'static {
    /// The sequence + 1 lies behind each event and tells that it is there. Else the published cursor tells.
    const STAMPED: bool = false;
    /// A consumer that finds few events in a busy stream waits once for more.
    const PACED: bool = false;
    /// Both sides ask for cache lines ahead of time.
    const AHEAD: bool = false;
}

macro_rules! kinds {
    ($($name:ident { $($what:ident)* })*) => { $(
        #[derive(Debug)]
        pub(crate) enum $name {}
        impl Kind for $name { $(const $what: bool = true;)* }
    )* };
}

kinds! {
    Stamped { STAMPED }
    StampedAhead { STAMPED AHEAD }
    Dense { }
    DensePaced { PACED }
    DenseAhead { PACED AHEAD }
}

/// Cursors first, each in a page of its own as in a real segment, then the slots. (Against a pair of lines each, it made
/// no difference that could be measured.)
const PAGE: usize = 4096;
const SLOTS: usize = PAGE * (MOST_CONSUMERS + 2);
/// The bytes of one ring in the shared file, enough for every size.
const RING_BYTES: u64 = 2 << 20;
const LINE: usize = 64;
/// How far ahead lines are asked for, in bytes: enough to keep the processor's buffers for misses full.
const FETCH_AHEAD: usize = 1024;
/// How many events in a row a consumer of stamped slots takes before it looks at the published cursor.
const WALK: u64 = 32;
/// How often a consumer tells how far it is, in events.
const RELEASE_EVERY: u64 = 64;
/// A producer that found the ring full goes on when so many slots are free.
const EASE: u64 = 64;
/// A consumer that finds fewer events than this in a busy stream holds back for so many spins.
const FEW: u64 = 256;
const HOLD_BACK: u32 = 64;

/// One side's view of a ring.
#[derive(Debug)]
struct Ring<K, const W: usize> {
    map: MmapRaw,
    kind: PhantomData<K>,
}

impl<K: Kind, const W: usize> Ring<K, W> {
    const STRIDE: usize = {
        let event = size_of::<Words<W>>();
        let slot = event + size_of::<u64>();
        match (K::STAMPED, slot) {
            (false, _) => event,
            // Never across a line that it could fit into.
            (true, ..=LINE) => slot.next_power_of_two(),
            (true, 65..=80) => slot,
            (true, _) => slot.next_multiple_of(LINE),
        }
    };
    /// How many slots ahead lines are asked for.
    const AHEAD: u64 = FETCH_AHEAD.div_ceil(Self::STRIDE) as u64;

    fn new(place: &Place, channel: &str) -> Self {
        const { assert!(SLOTS + CAPACITY as usize * Self::STRIDE <= RING_BYTES as usize) };
        Self { map: place.map(channel, RING_BYTES), kind: PhantomData }
    }

    #[inline(always)]
    fn word(&self, offset: usize) -> &AtomicU64 {
        // SAFETY: every offset that this module makes is below RING_BYTES.
        let word = unsafe { self.map.as_mut_ptr().add(offset) };
        // SAFETY: inside of the mapping, which is zeroed at first, and a multiple of 8 from its page-aligned start.
        unsafe { AtomicU64::from_ptr(word.cast()) }
    }

    #[inline(always)]
    fn published(&self) -> &AtomicU64 {
        self.word(0)
    }

    #[inline(always)]
    fn cursor(&self, consumer: usize) -> &AtomicU64 {
        self.word(PAGE * (consumer + 1))
    }

    #[inline(always)]
    fn offset(sequence: u64) -> usize {
        SLOTS + (sequence & (CAPACITY - 1)) as usize * Self::STRIDE
    }

    #[inline(always)]
    fn event(&self, sequence: u64) -> *mut Words<W> {
        // SAFETY: below RING_BYTES, see `new`.
        unsafe { self.map.as_mut_ptr().add(Self::offset(sequence)) }.cast()
    }

    #[inline(always)]
    fn stamp(&self, sequence: u64) -> &AtomicU64 {
        self.word(Self::offset(sequence) + size_of::<Words<W>>())
    }

    #[inline(always)]
    fn write(&self, sequence: u64) {
        // SAFETY: aligned to 8 and inside of the mapping; no consumer reads the slot, for its gate let it go.
        unsafe { self.event(sequence).write(event(sequence)) };
    }

    #[inline(always)]
    fn show(&self, first: u64, end: u64) {
        if K::STAMPED {
            for sequence in first..end {
                self.stamp(sequence).store(sequence + 1, Ordering::Release);
            }
        }
        self.published().store(end, Ordering::Release);
    }

    /// Asks for the slot that will be written some slots after `sequence`. For a single event to be called when it is
    /// published: before, its own lines would have to wait for these.
    #[inline(always)]
    fn fetch(&self, sequence: u64) {
        if K::AHEAD {
            self.each_line(sequence + Self::AHEAD, fetch_to_write);
        }
    }

    #[inline(always)]
    fn is_stamped(&self, sequence: u64) -> bool {
        self.stamp(sequence).load(Ordering::Acquire) == opaque(sequence) + 1
    }

    #[inline(always)]
    fn check(&self, sequence: u64) -> u64 {
        // SAFETY: aligned, inside of the mapping, and not written before this consumer's cursor is past it.
        difference(unsafe { &*self.event(sequence) }, sequence)
    }

    /// Calls `fetch` for each line that begins in or with the slot.
    #[inline(always)]
    fn each_line(&self, sequence: u64, fetch: impl Fn(*const u8)) {
        let slot: *const u8 = self.event(sequence).cast_const().cast();
        if Self::STRIDE >= LINE {
            for line in (0..Self::STRIDE).step_by(LINE) {
                fetch(slot.wrapping_add(line));
            }
        } else if slot.addr() % LINE < Self::STRIDE {
            fetch(slot);
        }
    }
}

#[inline(always)]
fn fetch_to_write(line: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint, which faults on no address.
    unsafe {
        core::arch::asm!("prefetchw [{}]", in(reg) line, options(nostack, preserves_flags, readonly));
    };
    #[cfg(not(target_arch = "x86_64"))]
    let _ = line;
}

#[inline(always)]
fn fetch_to_read(line: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint, which faults on no address.
    unsafe {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(line.cast());
    };
    #[cfg(not(target_arch = "x86_64"))]
    let _ = line;
}

/// The same number, but the compiler does not know it: else it counts with the stamp that it compared, and each
/// slot's address waits for the slot before.
#[inline(always)]
fn opaque(mut number: u64) -> u64 {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    // SAFETY: no instruction at all.
    unsafe {
        core::arch::asm!("/* {0} */", inout(reg) number, options(pure, nomem, nostack, preserves_flags));
    };
    number
}

/// The subject.
#[derive(Debug)]
pub(crate) struct Bare<K>(PhantomData<K>);

#[derive(Debug)]
pub(crate) struct Producer<K, const W: usize> {
    ring: Ring<K, W>,
    consumers: usize,
    next: u64,
    limit: u64,
}

#[derive(Debug)]
pub(crate) struct Consumer<K, const W: usize> {
    ring: Ring<K, W>,
    index: usize,
    pause: Pause,
    busy: bool,
}

impl<K: Kind> Subject for Bare<K> {
    type Tx<const W: usize> = Producer<K, W>;
    type Rx<const W: usize> = Consumer<K, W>;

    fn create<const W: usize>(place: &Place, channel: &str) -> Producer<K, W> {
        Producer { ring: Ring::new(place, channel), consumers: place.consumers, next: 0, limit: 0 }
    }

    fn attach<const W: usize>(place: &Place, channel: &str, index: usize) -> Consumer<K, W> {
        Consumer { ring: Ring::new(place, channel), index, pause: Pause::measured(), busy: false }
    }
}

impl<K: Kind, const W: usize> Producer<K, W> {
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, count: u64) {
        let mut enough = count;
        let mut spin = Spin::default();
        loop {
            let gate = (0..self.consumers).map(|index| self.ring.cursor(index).load(Ordering::Acquire)).min();
            self.limit = gate.unwrap_or(self.next) + CAPACITY;
            if self.limit >= self.next + enough {
                return;
            }
            enough = count.max(EASE);
            spin.once();
        }
    }
}

impl<K: Kind, const W: usize> Tx for Producer<K, W> {
    #[inline(always)]
    fn publish(&mut self, sequence: u64) {
        if self.next == self.limit {
            self.make_room(1);
        }
        self.ring.write(sequence);
        self.next = sequence + 1;
        self.ring.show(sequence, self.next);
        self.ring.fetch(sequence);
    }

    #[inline(always)]
    fn publish_batch(&mut self, first: u64, count: u64) {
        if self.next + count > self.limit {
            self.make_room(count);
        }
        self.next = first + count;
        for sequence in first..self.next {
            self.ring.fetch(sequence);
            self.ring.write(sequence);
        }
        self.ring.show(first, self.next);
    }
}

impl<K: Kind, const W: usize> Consumer<K, W> {
    #[inline(always)]
    fn release(&self, next: u64) {
        self.ring.cursor(self.index).store(next, Ordering::Release);
    }

    /// Waits until `next` is there.
    #[inline(always)]
    fn wait(&self, next: u64) {
        let mut spin = Spin::default();
        if K::STAMPED {
            while !self.ring.is_stamped(next) {
                self.pause.between_looks(&mut spin);
            }
        } else {
            while self.ring.published().load(Ordering::Acquire) == opaque(next) {
                self.pause.between_looks(&mut spin);
            }
        }
    }

    /// Checks `from..end`, which are published.
    #[inline(always)]
    fn take(&self, from: u64, end: u64, wrong: &mut u64) {
        let ahead = Ring::<K, W>::AHEAD;
        if K::AHEAD {
            for sequence in from..end.min(from + ahead) {
                self.ring.each_line(sequence, fetch_to_read);
            }
        }
        let mut bits = 0;
        let mut next = from;
        while next < end {
            let stop = end.min(next + RELEASE_EVERY);
            for sequence in next..stop {
                if K::AHEAD && sequence + ahead < end {
                    self.ring.each_line(sequence + ahead, fetch_to_read);
                }
                bits |= self.ring.check(sequence);
            }
            next = stop;
            self.release(next);
        }
        *wrong |= bits;
    }

    /// Takes events by their stamps, at most `most`.
    #[inline(always)]
    fn walk(&self, from: u64, most: u64, wrong: &mut u64) -> u64 {
        let mut next = from;
        let mut bits = 0;
        while next < from + most && self.ring.is_stamped(next) {
            bits |= self.ring.check(next);
            next += 1;
        }
        if next != from {
            self.release(next);
        }
        *wrong |= bits;
        next - from
    }

    #[inline(always)]
    fn drain_stamped(&self, from: u64, wrong: &mut u64) -> u64 {
        let most = if K::AHEAD { WALK } else { RELEASE_EVERY };
        let count = self.walk(from, most, wrong);
        let mut next = from + count;
        if K::AHEAD && count == most {
            let end = self.ring.published().load(Ordering::Acquire).max(next);
            self.take(next, end, wrong);
            next = end;
        } else if count == 0 {
            self.pause.between_looks(&mut Spin::default());
        }
        next - from
    }

    #[inline(always)]
    fn drain_dense(&mut self, from: u64, wrong: &mut u64) -> u64 {
        let mut end = self.ring.published().load(Ordering::Acquire);
        if end == from {
            self.busy = false;
            self.pause.between_looks(&mut Spin::default());
            return 0;
        }
        if K::PACED && self.busy && end - from < FEW {
            for _ in 0..HOLD_BACK {
                std::hint::spin_loop();
            }
            end = self.ring.published().load(Ordering::Acquire);
        }
        self.busy = true;
        self.take(from, end, wrong);
        end - from
    }
}

impl<K: Kind, const W: usize> Rx for Consumer<K, W> {
    #[inline(always)]
    fn recv(&mut self, sequence: u64) -> u64 {
        self.wait(sequence);
        let wrong = self.ring.check(sequence);
        self.release(sequence + 1);
        wrong
    }

    #[inline(always)]
    fn drain(&mut self, next: u64, wrong: &mut u64) -> u64 {
        if K::STAMPED { self.drain_stamped(next, wrong) } else { self.drain_dense(next, wrong) }
    }
}
