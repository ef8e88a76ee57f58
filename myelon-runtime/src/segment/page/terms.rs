//! Whom the producer requires and on which terms, and why it ended the stream if not because it was done: behind the
//! head of the producer's pages, written by the producer alone.
//!
//! A row that is somebody's changes its id only after it was nobody's; a torn one is at worst nobody's, or whose terms are
//! mixed of two for a moment. Whoever must know for sure whether an id is required looks again (`leaving`).

use core::time::Duration;

use super::ConsumerId;
use crate::liveness::{Lost, LostWhy, POLICY_WORDS, Required};
use crate::sync::{AtomicU64, Ordering};

/// An id, as words.
#[repr(C)]
#[derive(Debug)]
struct IdWords {
    len: AtomicU64,
    bytes: [AtomicU64; ConsumerId::LONGEST / 8],
}

impl IdWords {
    fn write(&self, id: &ConsumerId) {
        super::write_bytes(&self.bytes, id.bytes());
        crate::sync::point!("id: bytes");
        self.len.store(id.as_str().len() as u64, Ordering::Relaxed);
    }

    fn read(&self) -> Option<ConsumerId> {
        let len = usize::try_from(self.len.load(Ordering::Relaxed)).ok()?;
        let mut bytes = [0; ConsumerId::LONGEST];
        super::read_bytes(&self.bytes, &mut bytes);
        ConsumerId::of_bytes(bytes, len)
    }
}

/// One required consumer.
#[repr(C, align(64))]
#[derive(Debug)]
pub(crate) struct Terms {
    id: IdWords,
    /// As `liveness` encodes a policy; the first word is 0 in a row that is nobody's.
    policy: [AtomicU64; POLICY_WORDS],
}

impl Terms {
    pub(crate) fn write(&self, id: &ConsumerId, policy: &Required) {
        let [codes, times @ ..] = policy.encode();
        if self.read().is_none_or(|(known, _)| known != *id) {
            self.clear();
            crate::sync::point!("terms: cleared");
            self.id.write(id);
            crate::sync::point!("terms: named");
        }
        let [first, others @ ..] = &self.policy;
        for (to, word) in others.iter().zip(times) {
            to.store(word, Ordering::Relaxed);
        }
        crate::sync::point!("terms: times");
        // PAIR(terms): acquired in `read`.
        first.store(codes, Ordering::Release);
    }

    pub(crate) fn clear(&self) {
        let [first, ..] = &self.policy;
        // PAIR(terms): acquired in `read`.
        first.store(0, Ordering::Release);
    }

    /// Who is required, and how; `None` if this row is nobody's.
    pub(crate) fn read(&self) -> Option<(ConsumerId, Required)> {
        // PAIR(terms): released in `write`.
        let policy = Required::decode(self.policy.each_ref().map(|word| word.load(Ordering::Acquire)))?;
        Some((self.id.read()?, policy))
    }
}

/// Why the stream ended before its producer was done; ordered by closed-at.
#[repr(C, align(64))]
#[derive(Debug)]
pub(crate) struct Reason {
    why: AtomicU64,
    pid: AtomicU64,
    at: AtomicU64,
    lag: AtomicU64,
    idle: AtomicU64,
    id: IdWords,
}

impl Reason {
    /// To be called before the stream is closed.
    pub(crate) fn write(&self, lost: &Lost) {
        if let Some(id) = ConsumerId::new(&lost.id) {
            self.id.write(&id);
        }
        crate::sync::point!("reason: id");
        self.pid.store(lost.pid.into(), Ordering::Relaxed);
        crate::sync::point!("reason: pid");
        self.at.store(lost.at, Ordering::Relaxed);
        crate::sync::point!("reason: place");
        self.lag.store(lost.lag, Ordering::Relaxed);
        crate::sync::point!("reason: lag");
        self.idle.store(u64::try_from(lost.idle.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
        crate::sync::point!("reason: time");
        self.why.store(lost.why.encode(), Ordering::Relaxed);
    }

    /// For a successor: one that wanted to close the stream and died before has no reason any more.
    pub(crate) fn clear(&self) {
        self.why.store(0, Ordering::Relaxed);
    }

    /// `None` if the producer ended it because it was done. For those who saw that it is closed.
    pub(crate) fn read(&self) -> Option<Lost> {
        Some(Lost {
            why: LostWhy::decode(self.why.load(Ordering::Relaxed))?,
            id: self.id.read().map(|id| id.to_string()).unwrap_or_default(),
            pid: u32::try_from(self.pid.load(Ordering::Relaxed)).unwrap_or(0),
            at: self.at.load(Ordering::Relaxed),
            lag: self.lag.load(Ordering::Relaxed),
            idle: Duration::from_nanos(self.idle.load(Ordering::Relaxed)),
        })
    }
}
