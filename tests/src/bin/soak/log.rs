//! What happened in which order: printed when something fails.

use core::fmt;
use core::time::Duration;
use std::time::Instant;

/// The events of one act, with their times.
#[derive(Debug)]
pub(crate) struct Log {
    since: Instant,
    lines: Vec<(Duration, String)>,
}

impl Log {
    pub(crate) fn new() -> Self {
        Self { since: Instant::now(), lines: Vec::new() }
    }

    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.lines.push((self.since.elapsed(), text.into()));
    }

    pub(crate) fn clear(&mut self) {
        self.lines.clear();
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|(at, text)| writeln!(f, "{:>11.4} s  {text}", at.as_secs_f64()))
    }
}
