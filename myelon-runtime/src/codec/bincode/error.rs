//! What is wrong with a value, or with bytes.

use core::fmt;
use std::error::Error;

/// Why a value is not written or read.
#[derive(Debug)]
pub(super) enum Refused {
    /// There is no more room.
    Full,
    /// The bytes end inside of a value.
    Short,
    /// A sequence did not say how long it is before it began.
    NoLength,
    /// A type wants to see what the bytes hold, which they do not say.
    NotDescribed,
    /// A byte that is neither 0 nor 1 where one of them stands for no or yes.
    Flag(u8),
    /// A character that is none.
    Char,
    /// A text that is none.
    Text,
    /// What the type itself said. Boxed, as each step of serde hands on what may be an error.
    #[expect(clippy::box_collection, reason = "one word instead of three")]
    Type(Box<String>),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("there is no more room"),
            Self::Short => f.write_str("the bytes end inside of the value"),
            Self::NoLength => f.write_str("the length of a sequence must be known before it is written"),
            Self::NotDescribed => {
                f.write_str("the bytes do not say of which types they are; give serde the type")
            }
            Self::Flag(byte) => write!(f, "{byte} is neither 0 nor 1"),
            Self::Char => f.write_str("there is no such character"),
            Self::Text => f.write_str("a text is not UTF-8"),
            Self::Type(text) => f.write_str(text),
        }
    }
}

impl Error for Refused {}

impl serde::ser::Error for Refused {
    #[cold]
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self::Type(Box::new(text.to_string()))
    }
}

impl serde::de::Error for Refused {
    #[cold]
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self::Type(Box::new(text.to_string()))
    }
}
