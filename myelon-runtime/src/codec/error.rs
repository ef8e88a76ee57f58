//! Why a value did not become bytes, or bytes no value.

use core::fmt;
use std::error::Error;
use std::sync::Arc;

/// What a format said: kept as it came, and shared, so that the errors that carry it can be cloned.
#[derive(Clone)]
pub struct Cause(Arc<dyn Error + Send + Sync>);

/// Why a value was not encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// There is not enough room in what was given. Publishing answers it with more room; it reaches nobody else.
    Full,
    /// The format refused the value.
    Failed(Cause),
}

/// Why bytes are no value of the payload's type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    what: &'static str,
    cause: Option<Cause>,
}

impl Cause {
    /// Keeps `error`.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(Arc::from(error.into()))
    }

    /// What the format said.
    pub fn get(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.0
    }
}

impl EncodeError {
    /// The format refused the value, for this reason.
    #[cold]
    pub fn failed(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Failed(Cause::new(cause))
    }
}

impl DecodeError {
    /// What is wrong, in a few words that end a sentence: "is shorter than its type".
    #[cold]
    pub const fn new(what: &'static str) -> Self {
        Self { what, cause: None }
    }

    /// The format refused the bytes, for this reason.
    #[cold]
    pub fn caused(what: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what, cause: Some(Cause::new(cause)) }
    }

    /// What is wrong, without the format's own words.
    pub fn what(&self) -> &'static str {
        self.what
    }
}

// Two causes are the same if they say the same: that is all that can be compared.
impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_string() == other.0.to_string()
    }
}
impl Eq for Cause {}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("the value does not fit the room that it was given"),
            Self::Failed(_) => f.write_str("the format refused the value"),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the payload {}", self.what)
    }
}

impl Error for EncodeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Full => None,
            Self::Failed(cause) => Some(cause.get()),
        }
    }
}

impl Error for DecodeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| cause.get() as &(dyn Error + 'static))
    }
}
