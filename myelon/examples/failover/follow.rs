//! What all consumers do: receive, and say what they are told about the producer.

use std::fmt::Display;

use myelon::{RecvError, RecvTimeoutError};

use crate::Result;
use crate::desk::{Desk, say, word};

/// How it ended.
pub(crate) enum End {
    /// The producer closed the stream.
    Closed,
    /// A required consumer was lost.
    Lost(RecvError),
    /// Nobody gives orders any more.
    Alone,
}

/// Receives again and again, until the stream ends. `receive` takes what is there, and tells where it is then; `None` at the
/// end.
pub(crate) fn follow(desk: &Desk, mut receive: impl FnMut() -> Result<Option<u64>>) -> Result<End> {
    while !desk.is_alone() {
        let error = match receive() {
            Ok(Some(place)) => {
                desk.is_at(place)?;
                continue;
            }
            Ok(None) => return Ok(End::Closed),
            Err(error) => error,
        };
        match *error.downcast::<RecvTimeoutError>()? {
            RecvTimeoutError::TimedOut => {}
            // Told once. The next receive waits for a successor.
            RecvTimeoutError::Failed(died @ RecvError::ProducerDied { sequence, .. }) => {
                say(word::ORPHANED, sequence, died)?;
            }
            RecvTimeoutError::Failed(lagged @ RecvError::Lagged { missed }) => {
                say(word::LAGGED, missed, lagged)?;
            }
            RecvTimeoutError::Failed(lost @ RecvError::RequiredLost(_)) => return Ok(End::Lost(lost)),
            error => return Err(error.into()),
        }
    }
    Ok(End::Alone)
}

/// Says how it ended, and what came of it.
pub(crate) fn close(end: End, place: u64, summary: impl Display) -> Result {
    match end {
        End::Closed => say(word::ENDED, place, summary),
        End::Lost(lost) => say(word::LOST, place, format_args!("{summary}; {lost}")),
        End::Alone => Ok(()),
    }
}
