//! One error for programs that do not tell operations apart.

use core::fmt;

use crate::consumer::{RecvError, RecvTimeoutError, TryRecvError};
use crate::location::LocationError;
use crate::producer::{PublishError, PublishTimeoutError, SliceError, TryPublishError, WaitConsumersError};
use crate::segment::{AttachError, CreateError, RemoveError};

use super::{TapError, UnknownConsumer};

macro_rules! umbrella {
    ($($(#[doc = $doc:literal])* $variant:ident($error:ty);)*) => {
        /// Any error of this crate: each operation's own error converts into it with `?`.
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum Error {
            $($(#[doc = $doc])* $variant($error),)*
            /// A slice or batch went in only in part.
            Slice {
                /// How many events or messages were published.
                published: u64,
                /// What stopped the next one.
                source: Box<Error>,
            },
        }

        $(impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        })*

        impl<S: Into<Error>> From<SliceError<S>> for Error {
            fn from(error: SliceError<S>) -> Self {
                Self::Slice { published: error.published, source: Box::new(error.source.into()) }
            }
        }

        impl fmt::Display for Error {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant(error) => error.fmt(f),)*
                    Self::Slice { published, source } => {
                        write!(f, "the first {published} were published, the next was not: {source}")
                    }
                }
            }
        }

        impl std::error::Error for Error {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                match self {
                    $(Self::$variant(error) => error.source(),)*
                    // Its text is in ours already.
                    Self::Slice { source, .. } => source.source(),
                }
            }
        }
    };
}

umbrella! {
    /// A channel could not be created.
    Create(CreateError);
    /// A channel could not be attached to.
    Attach(AttachError);
    /// A channel could not be removed.
    Remove(RemoveError);
    /// A location is not usable.
    Location(LocationError);
    /// A blocking publish gave up.
    Publish(PublishError);
    /// A publish that does not wait failed.
    TryPublish(TryPublishError);
    /// A publish with a time limit failed.
    PublishTimeout(PublishTimeoutError);
    /// The wanted consumers did not attach.
    WaitConsumers(WaitConsumersError);
    /// A blocking receive failed.
    Recv(RecvError);
    /// A receive that does not wait failed.
    TryRecv(TryRecvError);
    /// A receive with a time limit failed.
    RecvTimeout(RecvTimeoutError);
    /// A tap has no event.
    Tap(TapError);
    /// A text is the id of no declared consumer.
    UnknownConsumer(UnknownConsumer);
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;
    use crate::producer::Full;

    #[test]
    fn a_chain_of_causes_says_nothing_twice() {
        let full = TryPublishError::Full(Full { gating: 0, lag: 8, lag_bytes: 64 });
        let slice = SliceError { published: 3, source: full.clone() };
        assert!(slice.to_string().contains("full"));
        assert!(slice.source().is_none());
        assert!(full.source().is_none());
        assert!(Error::from(slice).source().is_none());
        assert!(TryRecvError::Failed(RecvError::Stopped).source().is_none());
        assert!(RecvTimeoutError::Failed(RecvError::Stopped).source().is_none());
    }
}
