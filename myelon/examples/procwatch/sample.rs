//! The producer: a round of samples at a fixed rate.

use std::io::Write;
use std::time::{Duration, Instant};

use myelon::{PublishTimeoutError, SliceError};

use crate::Result;
use crate::event::ProcSamples;
use crate::options::Options;
use crate::processes::Processes;

/// A consumer that is stopped is worth a line, but not one for every round.
const TELL_EVERY: Duration = Duration::from_secs(1);

pub(crate) fn run(options: &Options) -> Result {
    let rate = options.number("rate")?.unwrap_or(2.0_f64).clamp(0.01, 1000.0);
    let period = Duration::from_secs_f64(1.0 / rate);
    let until = options.until()?;
    let mut out = std::io::stdout();

    // If the last sampler was killed, this one goes on in its stream, with the consumers that are still attached.
    let mut samples = ProcSamples::create(options.channel())?;
    writeln!(out, "sampling {rate} times a second, from event {}", samples.sequence())?;
    let mut processes = Processes::new();
    let mut due = Instant::now();
    let (mut skipped, mut told) = (0, None::<Instant>);
    while until.is_none_or(|until| due < until) {
        due = (due + period).max(Instant::now());
        sleep_until(due);
        let round = processes.round();
        match samples.publish_slice_timeout(&round, period) {
            Ok(_) => {}
            // A consumer that is stopped (^Z) but not dead has filled the ring: a monitor rather skips a round.
            Err(SliceError { published, source: PublishTimeoutError::TimedOut(who) }) => {
                skipped += round.len() as u64 - published;
                if let Some(blocker) = who.filter(|_| told.is_none_or(|told| told.elapsed() >= TELL_EVERY)) {
                    writeln!(out, "skipped {skipped} samples: {blocker}")?;
                    (skipped, told) = (0, Some(Instant::now()));
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    // Not `close`, which would end the stream for good: the next sampler is to go on with it.
    samples.detach();
    Ok(())
}

fn sleep_until(due: Instant) {
    // A parked thread may wake early.
    while let Some(left) = due.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        std::thread::park_timeout(left);
    }
}
