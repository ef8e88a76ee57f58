//! The forms of publishing and of receiving, by the names that a test chooses them with.

/// How an event or a message gets into the ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publish {
    Value,
    With,
    Slice,
    Batch,
    Claim,
    /// Of events only.
    Uninit,
    /// Of bytes only: with a kind of the program's own.
    Kind,
}

/// How events or messages are taken out of the ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receive {
    Lease,
    /// An owned copy.
    Value,
    Wait,
    Drain,
    DrainWhile,
    Batch,
    /// Of events only.
    Slices,
    /// Of messages that are decoded: into a value that is there.
    Into,
}

impl Publish {
    pub(crate) fn of(text: &str) -> Self {
        match text {
            "value" => Self::Value,
            "with" => Self::With,
            "slice" => Self::Slice,
            "batch" => Self::Batch,
            "claim" => Self::Claim,
            "uninit" => Self::Uninit,
            "kind" => Self::Kind,
            other => panic!("no form `{other}`"),
        }
    }

    pub(crate) fn takes_many(self) -> bool {
        matches!(self, Self::Slice | Self::Batch)
    }
}

impl Receive {
    pub(crate) fn of(text: &str) -> Self {
        match text {
            "lease" => Self::Lease,
            "value" => Self::Value,
            "wait" => Self::Wait,
            "drain" => Self::Drain,
            "drain_while" => Self::DrainWhile,
            "batch" => Self::Batch,
            "slices" => Self::Slices,
            "into" => Self::Into,
            other => panic!("no form `{other}`"),
        }
    }
}
