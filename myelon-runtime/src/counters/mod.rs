//! What each participant counts, in its own page of the segment: one writer for each word, relaxed stores, so that
//! counting costs next to nothing, and any process may look ([`Snapshot`]); with what happened to them, [`Health`].
//!
//! What follows from cursors (published, received, bytes) is not counted at all: it is derived when somebody looks.

mod health;
mod snapshot;
mod table;

pub use health::Health;
pub use snapshot::{AppCount, ConsumerSnapshot, ConsumerState, ProducerSnapshot, Snapshot};

use crate::segment::page::{AppCounter, ConsumerPage, Counter, ProducerPage};
use crate::segment::{Held, Segment};
use crate::sync::{AtomicU64, Ordering};

/// One counter in shared memory, of whose page the holder is the only writer (S5).
#[derive(Debug)]
pub(crate) struct Cell(Held<AtomicU64>);

impl Cell {
    /// A load and a store: a lone writer needs no read-modify-write.
    #[inline]
    pub(crate) fn add(&self, count: u64) {
        self.0.store(self.0.load(Ordering::Relaxed).wrapping_add(count), Ordering::Relaxed);
    }

    /// Sets it.
    #[inline(always)]
    pub(crate) fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    /// Raises it to `value` if it is lower.
    #[inline]
    fn raise(&self, value: u64) {
        if self.0.load(Ordering::Relaxed) < value {
            self.0.store(value, Ordering::Relaxed);
        }
    }
}

/// What a producer counts.
#[derive(Debug)]
pub(crate) struct ProducerCounters {
    pub(crate) full: Cell,
    pub(crate) waits: Cell,
    pub(crate) parks: Cell,
    pub(crate) wakes: Cell,
    pub(crate) evictions: Cell,
    /// Of a channel of messages: the number of the next one.
    pub(crate) messages: Cell,
    lags: Vec<Cell>,
    page: Held<ProducerPage>,
}

impl ProducerCounters {
    /// Those in the producer's page of a segment that this process is the producer of.
    pub(crate) fn of(segment: &Segment) -> Self {
        let page = segment.producer_page();
        let cell = |counter| Cell(page.part(|page| page.counters.cell(counter)));
        let lags = (0..).map_while(|entry| segment.largest_lag(entry).map(Cell)).collect();
        Self {
            full: cell(Counter::Full),
            waits: cell(Counter::Waits),
            parks: cell(Counter::Parks),
            wakes: cell(Counter::Wakes),
            evictions: cell(Counter::Evictions),
            messages: cell(Counter::Messages),
            lags,
            page,
        }
    }

    /// Notes how far behind a consumer was seen.
    #[inline]
    pub(crate) fn note_lag(&self, entry: u32, lag: u64) {
        if let Some(cell) = self.lags.get(entry as usize) {
            cell.raise(lag);
        }
    }

    /// The application's counter of that label; `None` if all 16 have other labels.
    pub(crate) fn app(&self, label: &str) -> Option<AppTally<'_>> {
        AppTally::find(&self.page.app, label)
    }
}

/// What a consumer counts.
#[derive(Debug)]
pub(crate) struct ConsumerCounters {
    pub(crate) waits: Cell,
    pub(crate) parks: Cell,
    pub(crate) wakes: Cell,
    pub(crate) empty_looks: Cell,
    pub(crate) invalid: Cell,
    page: Held<ConsumerPage>,
}

impl ConsumerCounters {
    /// Those in the page of an entry that this process joined through.
    pub(crate) fn of(segment: &Segment, entry: u32) -> Self {
        let page = segment.consumer_page(entry);
        let cell = |counter| Cell(page.part(|page| page.counters.cell(counter)));
        Self {
            waits: cell(Counter::Waits),
            parks: cell(Counter::Parks),
            wakes: cell(Counter::Wakes),
            empty_looks: cell(Counter::EmptyLooks),
            invalid: cell(Counter::Invalid),
            page,
        }
    }

    /// The application's counter of that label; `None` if all 16 have other labels.
    pub(crate) fn app(&self, label: &str) -> Option<AppTally<'_>> {
        AppTally::find(&self.page.app, label)
    }
}

/// A counter of the application's own, in the page of one end: seen by every tool that looks at the channel.
#[derive(Debug)]
pub struct AppTally<'a>(&'a AppCounter);

impl<'a> AppTally<'a> {
    fn find(all: &'a [AppCounter], label: &str) -> Option<Self> {
        let label = AppCounter::shown(label);
        if label.is_empty() {
            return None;
        }
        let labels = || all.iter().map(AppCounter::label);
        let at = labels().position(|found| found == label).or_else(|| labels().position(|l| l.is_empty()))?;
        let counter = all.get(at)?;
        counter.name(&label);
        Some(Self(counter))
    }

    /// Adds to it.
    pub fn add(&mut self, count: u64) {
        self.set(self.get().wrapping_add(count));
    }

    /// Sets it, as a gauge.
    pub fn set(&mut self, value: u64) {
        self.0.value.store(value, Ordering::Relaxed);
    }

    /// Its value.
    pub fn get(&self) -> u64 {
        self.0.value.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests;
