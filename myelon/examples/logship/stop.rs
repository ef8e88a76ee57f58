//! When to end: after a time, or on ^C.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use myelon::Stopper;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::Result;

/// Whether to go on reading.
pub(crate) struct Stop {
    until: Option<Instant>,
    asked: Arc<AtomicBool>,
}

impl Stop {
    /// The first signal asks to end in order. The second one also ends the wait for a consumer that does not read.
    pub(crate) fn new(limit: Option<Duration>, stopper: Stopper) -> Result<Self> {
        let mut signals = Signals::new([SIGINT, SIGTERM])?;
        let asked = Arc::new(AtomicBool::new(false));
        let ask = Arc::clone(&asked);
        std::thread::spawn(move || {
            for _ in &mut signals {
                if ask.swap(true, Ordering::Relaxed) {
                    stopper.stop();
                }
            }
        });
        Ok(Self { until: limit.map(|limit| Instant::now() + limit), asked })
    }

    pub(crate) fn is_due(&self) -> bool {
        self.asked.load(Ordering::Relaxed) || self.until.is_some_and(|until| Instant::now() >= until)
    }
}
