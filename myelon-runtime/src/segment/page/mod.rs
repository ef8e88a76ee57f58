//! What lies in the pages that participants write: plain words, all of them atomics.
//!
//! Words that order something say so where they are declared; all others are accessed relaxed. What describes
//! a participant (its pid, its id, its counters) is for people: it may be torn by a death or a new owner, is
//! decoded with bounds, and decides nothing that a lock or an entry's state word should decide (L3).

mod consumer;
mod control;
mod id;
mod producer;
mod terms;

pub(crate) use consumer::ConsumerPage;
pub(crate) use control::{CONTROL_ENTRIES, ControlPage};
pub(crate) use id::ConsumerId;
pub(crate) use producer::{PRODUCER_LAGS, ProducerPage};
pub(crate) use terms::{Reason, Terms};

use crate::os;
use crate::sync::{AtomicU64, Ordering};

/// Room for counters in a page; those not named in [`Counter`] are reserved.
const COUNTERS: usize = 16;
/// Counters of the application in each page.
pub(crate) const APP_COUNTERS: usize = 16;
/// The longest label of a counter of the application, in bytes.
pub(crate) const APP_LABEL: usize = 24;
/// Where a counter lies in its page. The numbers are part of the segment format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Counter {
    /// Looks of a producer that found no room.
    Full = 0,
    /// Calls that had to wait.
    Waits = 1,
    /// Sleeps in the kernel.
    Parks = 2,
    /// Wake-ups of others.
    Wakes = 3,
    /// Looks of a consumer that found nothing.
    EmptyLooks = 4,
    /// Dead consumers that a producer let go.
    Evictions = 5,
    /// Events that were not valid values, messages that could not be read.
    Invalid = 6,
    /// Messages that a producer published, or gave up half-way; those of its predecessors too.
    Messages = 7,
}

/// A participant's counters, on cache lines that nobody polls.
#[repr(C, align(64))]
#[derive(Debug)]
pub(crate) struct Counters([AtomicU64; COUNTERS]);

impl Counters {
    #[allow(clippy::indexing_slicing, reason = "`Counter` numbers are below `COUNTERS`, asserted here")]
    pub(crate) fn cell(&self, counter: Counter) -> &AtomicU64 {
        const { assert!((Counter::Messages as usize) < COUNTERS, "every counter has its word") };
        &self.0[counter as usize]
    }

    pub(crate) fn read(&self, counter: Counter) -> u64 {
        self.cell(counter).load(Ordering::Relaxed)
    }

    /// A new participant begins at zero.
    pub(super) fn clear(&self) {
        for word in &self.0 {
            word.store(0, Ordering::Relaxed);
        }
    }
}

/// A counter of the application: a label that it chose and a value.
#[repr(C)]
#[derive(Debug)]
pub(crate) struct AppCounter {
    label: [AtomicU64; APP_LABEL / 8],
    pub(crate) value: AtomicU64,
}

impl AppCounter {
    /// What becomes of a label when it is stored and shown again.
    pub(crate) fn shown(label: &str) -> String {
        truncated(&readable(label.as_bytes()), APP_LABEL).to_owned()
    }

    /// Nobody's.
    pub(super) fn clear(&self) {
        self.name("");
        self.value.store(0, Ordering::Relaxed);
    }

    /// Names it: at most [`APP_LABEL`] bytes of `label`, cut where a character begins.
    pub(crate) fn name(&self, label: &str) {
        let mut bytes = [0; APP_LABEL];
        for (to, from) in bytes.iter_mut().zip(Self::shown(label).as_bytes()) {
            *to = *from;
        }
        write_bytes(&self.label, &bytes);
    }

    /// Its label; empty if the application does not use it.
    pub(crate) fn label(&self) -> String {
        let mut bytes = [0; APP_LABEL];
        read_bytes(&self.label, &mut bytes);
        readable(bytes.split(|byte| *byte == 0).next().unwrap_or_default())
    }
}

/// Who a participant is. For people: what is alive, a lock tells.
#[repr(C)]
#[derive(Debug)]
pub(crate) struct Identity {
    pid: AtomicU64,
    start_time: AtomicU64,
    since: AtomicU64,
}

/// A copy of an [`Identity`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Who {
    /// `None` if none was written, or no pid.
    pub(crate) pid: Option<u32>,
    /// Start of that process in clock ticks since boot; 0 unknown.
    pub(crate) start_time: u64,
    /// When it joined: wall clock, nanoseconds since 1970.
    pub(crate) since: u64,
}

impl Identity {
    /// Writes that this process is it, from now on.
    pub(crate) fn write_own(&self) {
        let pid = os::process::pid();
        self.start_time.store(os::process::start_time(pid).unwrap_or(0), Ordering::Relaxed);
        self.since.store(os::process::realtime_ns(), Ordering::Relaxed);
        crate::sync::point!("identity: half");
        self.pid.store(pid.into(), Ordering::Relaxed);
    }

    /// Nobody, as yet.
    pub(super) fn forget(&self) {
        self.pid.store(0, Ordering::Relaxed);
        self.start_time.store(0, Ordering::Relaxed);
        self.since.store(0, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Who {
        let pid = self.pid.load(Ordering::Relaxed);
        Who {
            pid: u32::try_from(pid).ok().filter(|pid| *pid != 0),
            start_time: self.start_time.load(Ordering::Relaxed),
            since: self.since.load(Ordering::Relaxed),
        }
    }
}

/// Bytes into words, native order; what does not fit is left out.
fn write_bytes(words: &[AtomicU64], bytes: &[u8]) {
    for (word, chunk) in words.iter().zip(bytes.chunks(8)) {
        let mut value = [0; 8];
        for (to, from) in value.iter_mut().zip(chunk) {
            *to = *from;
        }
        word.store(u64::from_ne_bytes(value), Ordering::Relaxed);
    }
}

/// Words into bytes. Another process may be writing: whatever comes out is just bytes.
fn read_bytes(words: &[AtomicU64], bytes: &mut [u8]) {
    for (word, chunk) in words.iter().zip(bytes.chunks_mut(8)) {
        let value = word.load(Ordering::Relaxed).to_ne_bytes();
        for (to, from) in chunk.iter_mut().zip(value) {
            *to = from;
        }
    }
}

/// As much of `text` as fits `most` bytes, cut where a character begins.
pub(crate) fn truncated(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Foreign bytes as text that may be shown: no control characters, nothing that is not UTF-8.
pub(crate) fn readable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace(|c: char| c.is_control(), "\u{fffd}")
}

#[cfg(test)]
mod tests;
