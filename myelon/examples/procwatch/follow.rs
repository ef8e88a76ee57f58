//! What all consumers do: attach, receive, and go on whatever happens to the sampler.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use myelon::{AttachError, RecvError, RecvTimeoutError, Sequence, Start};

use crate::Result;
use crate::event::{ProcSample, ProcSamples, ProcSamplesConsumer};
use crate::options::Options;

/// What a consumer is told.
pub(crate) enum News<'a> {
    Sample(Sequence, &'a ProcSample),
    /// Something that a person should know.
    Note(String),
}

/// How often to see whether it is time to end.
const LOOK_UP: Duration = Duration::from_secs(1);
/// Without `--seconds`.
const LONG: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// Hands every sample to `tell`, until the time is up or `tell` fails.
pub(crate) fn follow(
    options: &Options,
    id: &str,
    start: Option<Start>,
    mut tell: impl FnMut(News<'_>) -> Result,
) -> Result {
    let until = options.until()?;
    let id = options.text("id", id);
    while let Some(mut samples) = attach(options.channel(), id, start, until, &mut tell)? {
        let again = loop {
            let mut outcome = Ok(());
            let each = |sample: &ProcSample, meta: myelon::Meta| {
                outcome = tell(News::Sample(meta.sequence, sample));
                if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            };
            let received = samples.drain_while_timeout(each, LOOK_UP);
            outcome?;
            match received {
                Ok(0) => break "the sampler ended the stream".to_owned(),
                Ok(_) | Err(RecvTimeoutError::TimedOut) => {}
                // Told once. The next call waits for the next sampler, which goes on with this stream.
                Err(RecvTimeoutError::Failed(died @ RecvError::ProducerDied { .. })) => {
                    tell(News::Note(died.to_string()))?;
                }
                Err(RecvTimeoutError::Failed(invalid @ RecvError::Invalid { .. })) => {
                    tell(News::Note(invalid.to_string()))?;
                }
                Err(RecvTimeoutError::Failed(gone @ (RecvError::Superseded | RecvError::Removed))) => {
                    break gone.to_string();
                }
                Err(error) => return Err(error.into()),
            }
            if until.is_some_and(|until| Instant::now() >= until) {
                // The place is kept in mind: with the same id the next one goes on here.
                samples.detach();
                return Ok(());
            }
        };
        tell(News::Note(again))?;
    }
    Ok(())
}

/// Attaches, and waits for a sampler if there is none; `None` if there is none until the time is up.
fn attach(
    channel: &str,
    id: &str,
    start: Option<Start>,
    until: Option<Instant>,
    tell: &mut impl FnMut(News<'_>) -> Result,
) -> Result<Option<ProcSamplesConsumer>> {
    let mut start = start;
    let mut patience = Duration::ZERO;
    loop {
        let mut samples = ProcSamples::consumer(channel, id).attach_timeout(patience);
        if let Some(start) = start {
            samples = samples.start(start);
        }
        match samples.build() {
            Ok(samples) => return Ok(Some(samples)),
            Err(AttachError::NotFound { .. }) if patience.is_zero() => {
                tell(News::Note("waiting for `procwatch sample`".to_owned()))?;
                patience = until.map_or(LONG, |until| until.saturating_duration_since(Instant::now()));
            }
            Err(AttachError::NotFound { .. }) => return Ok(None),
            // This id was here before, and was away for longer than the ring holds.
            Err(away @ AttachError::Evicted { .. }) => {
                tell(News::Note(away.to_string()))?;
                start = Some(Start::Oldest);
            }
            Err(error) => return Err(error.into()),
        }
    }
}
