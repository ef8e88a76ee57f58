//! Roles and policies as people read them.

use core::fmt;
use core::time::Duration;

use super::{Loss, OnDeath, OnFailure, Required, Role};

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Reliable => "reliable",
            Self::Required(_) => "required",
            Self::Lossy => "lossy",
        })
    }
}

/// A time, or none.
struct Span(Option<Duration>);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(time) => write!(f, "{time:?}"),
            None => f.write_str("no limit"),
        }
    }
}

impl fmt::Display for Required {
    /// What is looked after, and what follows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "startup {}; ", Span(self.startup))?;
        if let Some(stall) = self.stall {
            write!(f, "stall {stall:?}, grace {:?}, then {}; ", self.grace, self.on_failure)?;
        }
        write!(f, "death: {}", self.on_death)
    }
}

impl fmt::Display for OnFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Shutdown => "shutdown",
            Self::Block => "block",
            Self::AlertOnly => "alert only",
        })
    }
}

impl fmt::Display for OnDeath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wait { time: None, .. } => f.write_str("wait for ever"),
            Self::Wait { time: Some(time), then } => write!(f, "wait {time:?}, then {then}"),
            Self::At(loss) => loss.fmt(f),
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Evict => "evict",
            Self::Shutdown => "shutdown",
        })
    }
}
