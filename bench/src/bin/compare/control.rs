//! The page that the sides of one measurement share beside what is measured.

use std::fs::File;
use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::{MmapOptions, MmapRaw};

use crate::clock::ticks;
use crate::spin::Spin;

/// At most one producer and this many consumers.
pub(crate) const MOST_CONSUMERS: usize = 16;

/// A word in a pair of cache lines of its own.
#[derive(Debug, Default)]
#[repr(C, align(128))]
struct Lone(AtomicU64);

#[derive(Debug, Default)]
#[repr(C)]
struct Shared {
    line: Lone,
    arrived: [Lone; MOST_CONSUMERS + 1],
    began: Lone,
    sent: Lone,
}

/// How many bytes of the shared file the page takes; a bare ring lies behind it.
pub(crate) const CONTROL_BYTES: u64 = 8192;
const _: () = assert!(size_of::<Shared>() as u64 <= CONTROL_BYTES);

/// How often the bare line goes there and back.
const LINE_ROUNDS: u64 = 2000;

/// One side's view of the page.
#[derive(Debug)]
pub(crate) struct Control {
    map: MmapRaw,
    me: usize,
    parties: usize,
    step: u64,
}

impl Control {
    /// `me` is 0 for the producer, 1 and up for the consumers.
    pub(crate) fn new(file: &File, me: usize, parties: usize) -> Self {
        let map = MmapOptions::new()
            .len(CONTROL_BYTES as usize)
            .populate()
            .map_raw(file)
            .expect("the control page");
        Self { map, me, parties, step: 0 }
    }

    #[allow(clippy::cast_ptr_alignment, reason = "a mapping is aligned to pages")]
    fn shared(&self) -> &Shared {
        // SAFETY: the mapping is page-aligned, as long as `Shared`, zeroed at first, and lives as long as `self`;
        // `Shared` is made of atomics, for which every bit pattern is valid.
        unsafe { &*self.map.as_ptr().cast::<Shared>() }
    }

    /// Waits for all sides.
    pub(crate) fn meet(&mut self) {
        self.step += 1;
        let shared = self.shared();
        shared.arrived[self.me].0.store(self.step, Ordering::Release);
        for other in &shared.arrived[..self.parties] {
            let mut spin = Spin::default();
            while other.0.load(Ordering::Acquire) < self.step {
                spin.once();
            }
        }
    }

    /// Sends a bare line between the producer and the first consumer; the producer learns the median of the
    /// times there and back, in ticks. All others get `None` at once.
    pub(crate) fn line(&self) -> Option<u64> {
        let line = &self.shared().line.0;
        match self.me {
            0 => {
                let mut times = Vec::with_capacity(LINE_ROUNDS as usize);
                for round in 0..LINE_ROUNDS {
                    let began = ticks();
                    line.store(2 * round + 1, Ordering::Release);
                    await_line(line, 2 * round + 2);
                    times.push(ticks() - began);
                }
                times.sort_unstable();
                Some(times[times.len() / 2])
            }
            1 => {
                for round in 0..LINE_ROUNDS {
                    await_line(line, 2 * round + 1);
                    line.store(2 * round + 2, Ordering::Release);
                }
                None
            }
            _ => None,
        }
    }

    /// The producer tells when it began, or when the first event is due.
    pub(crate) fn begin(&self, at: u64) {
        self.shared().began.0.store(at, Ordering::Release);
    }

    pub(crate) fn began(&self) -> u64 {
        self.shared().began.0.load(Ordering::Acquire)
    }

    /// The producer tells when it is about to publish to a parked consumer.
    pub(crate) fn send(&self, at: u64) {
        self.shared().sent.0.store(at, Ordering::Release);
    }

    pub(crate) fn sent(&self) -> u64 {
        self.shared().sent.0.load(Ordering::Acquire)
    }
}

#[inline(always)]
fn await_line(line: &AtomicU64, value: u64) {
    let mut spin = Spin::default();
    while line.load(Ordering::Acquire) != value {
        spin.hot();
    }
}
