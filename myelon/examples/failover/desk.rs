//! What all roles share: orders come in through one pipe, and what happens goes out through another.

use std::fmt::Display;
use std::io::{BufRead, ErrorKind, Write, stdin, stdout};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use rustix::process::{Signal, set_parent_process_death_signal};

use crate::trade::Trades;
use crate::{Result, USAGE, dash, journal, produce, risk};

/// How often to see whether there are orders.
pub(crate) const LOOK_UP: Duration = Duration::from_millis(50);

/// First words of lines: what the script waits for.
pub(crate) mod word {
    pub(crate) const READY: &str = "ready";
    pub(crate) const PASSED: &str = "passed";
    /// The producer has no room, and has room again.
    pub(crate) const WAITS: &str = "waits";
    pub(crate) const GOES_ON: &str = "goes_on";
    /// Alerts.
    pub(crate) const DIED: &str = "died";
    pub(crate) const RESUMED: &str = "resumed";
    pub(crate) const STALLED: &str = "stalled";
    pub(crate) const RECOVERED: &str = "recovered";
    pub(crate) const EVICTED: &str = "evicted";
    /// Consumers: the producer died; something was missed.
    pub(crate) const ORPHANED: &str = "orphaned";
    pub(crate) const LAGGED: &str = "lagged";
    /// The stream is over: as it should be, or because of a required consumer.
    pub(crate) const ENDED: &str = "ended";
    pub(crate) const LOST: &str = "lost";
}

/// Orders.
pub(crate) const END: &str = "end";
pub(crate) const PASS: &str = "pass";

/// One of the other processes.
pub(crate) fn play(role: &str, channel: &str, folder: &Path, rate: &str) -> Result {
    // If the one who tells what to do is gone, one who is stopped goes on, and sees it.
    set_parent_process_death_signal(Some(Signal::CONT))?;
    let desk = Desk::open();
    let outcome = match role {
        "producer" => produce::run(&desk, channel, rate.parse()?),
        "journal" => journal::run(&desk, channel, folder),
        "risk" => risk::run(&desk, channel),
        "dash" => dash::run(&desk, channel),
        _ => Err(USAGE.into()),
    };
    let unheard = outcome.as_ref().err().and_then(|error| error.downcast_ref().map(std::io::Error::kind));
    if desk.is_alone() || unheard == Some(ErrorKind::BrokenPipe) {
        // Nobody else will tidy up. Whoever does this last succeeds.
        let _ = Trades::remove(channel);
        let _ = std::fs::remove_dir_all(folder);
        return Ok(());
    }
    outcome.map_err(|error| format!("{role}: {error}").into())
}

/// Tells the script that something happened at this place in the stream.
pub(crate) fn say(word: &str, at: u64, text: impl Display) -> Result {
    Ok(writeln!(stdout(), "{word} {at} {text}")?)
}

/// Where orders arrive.
pub(crate) struct Desk(Arc<Orders>);

struct Orders {
    /// The stream is to be ended.
    end: AtomicBool,
    /// Nobody gives orders any more.
    alone: AtomicBool,
    /// The place that is to be told of when it is passed.
    pass: AtomicU64,
}

impl Desk {
    fn open() -> Self {
        let none = AtomicU64::new(u64::MAX);
        let orders = Orders { end: AtomicBool::new(false), alone: AtomicBool::new(false), pass: none };
        let orders = Arc::new(orders);
        let taken = Arc::clone(&orders);
        std::thread::spawn(move || {
            for order in stdin().lock().lines().map_while(std::io::Result::ok) {
                match order.split_once(' ') {
                    Some((PASS, place)) => {
                        taken.pass.store(place.parse().unwrap_or(0), Ordering::Relaxed);
                    }
                    _ => taken.end.store(order == END, Ordering::Relaxed),
                }
            }
            taken.alone.store(true, Ordering::Relaxed);
        });
        Self(orders)
    }

    pub(crate) fn is_alone(&self) -> bool {
        self.0.alone.load(Ordering::Relaxed)
    }

    pub(crate) fn is_to_end(&self) -> bool {
        self.0.end.load(Ordering::Relaxed)
    }

    /// All before `place` is done.
    pub(crate) fn is_at(&self, place: u64) -> Result {
        if place < self.0.pass.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.0.pass.store(u64::MAX, Ordering::Relaxed);
        say(word::PASSED, place, "")
    }
}
