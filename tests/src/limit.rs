//! How long a call may wait, as a test chooses it.

use core::time::Duration;
use std::time::Instant;

use myelon::{Error, RecvTimeoutError, TryPublishError, TryRecvError};

use crate::line::Line;

/// Which of the four forms of a call.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    Block,
    Try,
    Within(Duration),
    By(Duration),
    /// Each of them in turn, and `Try` again until it succeeds.
    Any,
}

impl Limit {
    /// `limit=block|try|within:ms|by:ms|any`; blocking if there is none.
    pub fn of(line: &Line) -> Self {
        let text = line.text("limit").unwrap_or("block");
        let (kind, millis) = text.split_once(':').unwrap_or((text, "0"));
        let time = Duration::from_millis(millis.parse().unwrap());
        match kind {
            "block" => Self::Block,
            "try" => Self::Try,
            "within" => Self::Within(time),
            "by" => Self::By(time),
            "any" => Self::Any,
            _ => panic!("no limit `{text}`"),
        }
    }

    /// The one for this turn.
    pub(crate) fn turn(self, turn: u64) -> Self {
        match self {
            Self::Any => match turn % 4 {
                0 => Self::Block,
                1 => Self::Try,
                2 => Self::Within(crate::DEADLINE),
                _ => Self::By(crate::DEADLINE),
            },
            other => other,
        }
    }

    /// Whether that is only "not now" and this limit tries again.
    pub(crate) fn forgives(self, error: &Error) -> bool {
        let not_now = |error: &Error| {
            matches!(error, Error::TryPublish(TryPublishError::Full(_)) | Error::TryRecv(TryRecvError::Empty))
        };
        let forgiven = match error {
            Error::Slice { source, .. } => not_now(source),
            error => not_now(error),
        };
        matches!(self, Self::Any) && forgiven
    }
}

pub(crate) fn timed_out(error: &Error) -> bool {
    matches!(error, Error::RecvTimeout(RecvTimeoutError::TimedOut))
}

pub(crate) fn deadline(time: Duration) -> Instant {
    Instant::now() + time
}

/// Calls the form of a method that a limit asks for, with one error type.
macro_rules! call {
    ($end:expr, $limit:expr, ($block:ident, $now:ident, $within:ident, $by:ident) ($($arg:expr),*)) => {
        match $limit {
            $crate::limit::Limit::Block | $crate::limit::Limit::Any => {
                $end.$block($($arg),*).map_err(myelon::Error::from)
            }
            $crate::limit::Limit::Try => $end.$now($($arg),*).map_err(myelon::Error::from),
            $crate::limit::Limit::Within(time) => {
                $end.$within($($arg,)* time).map_err(myelon::Error::from)
            }
            $crate::limit::Limit::By(time) => {
                $end.$by($($arg,)* $crate::limit::deadline(time)).map_err(myelon::Error::from)
            }
        }
    };
}

pub(crate) use call;
