//! What is generated of declared consumers: functions that are called after them, and an enum of their ids.

use core::fmt;
use std::error::Error;

use crate::liveness::DeclaredConsumer;

/// The functions of a marker type that attach one declared consumer.
#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_declared_consumer {
    (
        $marker:ident, $vis:vis, $consumer:ident, $attach:ident, $builder:ident, $of:ident($($id:literal)?),
        $attach_docs:literal, $builder_docs:literal
    ) => {
        impl $marker {
            #[doc = $attach_docs]
            #[inline]
            $vis fn $attach(
                at: impl $crate::__private::IntoLocation,
            ) -> $crate::__private::core::result::Result<$consumer, $crate::__private::AttachError> {
                Self::$builder(at).build()
            }

            #[doc = $builder_docs]
            #[inline]
            $vis fn $builder(
                at: impl $crate::__private::IntoLocation,
            ) -> $crate::__private::$of<$marker> {
                $crate::__private::$of::new(at $(, $id)?)
            }
        }
    };
}

/// The functions of the enum of ids.
#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_consumer_ids {
    ($ids:ident, $vis:vis, $marker:ident, $($variant:ident = $id:literal),*) => {
        impl $ids {
            /// All of them, in the order of the declaration.
            $vis const ALL: &'static [$ids] = &[$($ids::$variant),*];

            /// The id, as errors and alerts tell it.
            $vis const fn as_str(self) -> &'static $crate::__private::core::primitive::str {
                match self {
                    $($ids::$variant => $id,)*
                }
            }
        }

        #[automatically_derived]
        impl $crate::__private::core::fmt::Display for $ids {
            fn fmt(
                &self,
                f: &mut $crate::__private::core::fmt::Formatter<'_>,
            ) -> $crate::__private::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        #[automatically_derived]
        impl $crate::__private::core::convert::TryFrom<&$crate::__private::core::primitive::str> for $ids {
            type Error = $crate::__private::UnknownConsumer;

            // The error by its name: a consumer may be called like what it is here.
            fn try_from(
                id: &$crate::__private::core::primitive::str,
            ) -> $crate::__private::core::result::Result<$ids, $crate::__private::UnknownConsumer> {
                match id {
                    $($id => $crate::__private::core::result::Result::Ok($ids::$variant),)*
                    _ => $crate::__private::core::result::Result::Err(
                        $crate::__private::UnknownConsumer::of::<$marker>(id),
                    ),
                }
            }
        }

        #[automatically_derived]
        impl $crate::__private::core::str::FromStr for $ids {
            type Err = $crate::__private::UnknownConsumer;

            #[inline]
            fn from_str(
                id: &$crate::__private::core::primitive::str,
            ) -> $crate::__private::core::result::Result<$ids, $crate::__private::UnknownConsumer> {
                $crate::__private::core::convert::TryFrom::try_from(id)
            }
        }

        #[automatically_derived]
        impl $crate::__private::core::convert::AsRef<$crate::__private::core::primitive::str> for $ids {
            #[inline]
            fn as_ref(&self) -> &$crate::__private::core::primitive::str {
                self.as_str()
            }
        }

        #[automatically_derived]
        impl $crate::__private::core::convert::From<$ids> for $crate::__private::String {
            #[inline]
            fn from(id: $ids) -> $crate::__private::String {
                $crate::__private::String::from(id.as_str())
            }
        }
    };
}

/// An id that belongs to no declared consumer of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownConsumer {
    /// The id.
    pub id: String,
    /// Those that are declared.
    pub declared: &'static [DeclaredConsumer],
}

impl UnknownConsumer {
    #[doc(hidden)]
    pub fn of<C: super::Declared>(id: &str) -> Self {
        Self { id: id.to_owned(), declared: C::CONSUMERS }
    }
}

impl fmt::Display for UnknownConsumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no declared consumer of this channel; declared are ", self.id)?;
        for (at, consumer) in self.declared.iter().enumerate() {
            let between = match at {
                0 => "",
                _ if at + 1 == self.declared.len() => " and ",
                _ => ", ",
            };
            write!(f, "{between}`{}`", consumer.id)?;
        }
        Ok(())
    }
}

impl Error for UnknownConsumer {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::liveness::Role;

    #[test]
    fn the_text_names_all_that_are_declared() {
        const ALL: &[DeclaredConsumer] = &[
            DeclaredConsumer::new("journal", Role::Reliable),
            DeclaredConsumer::new("risk", Role::Reliable),
            DeclaredConsumer::new("dash", Role::Lossy),
        ];
        let error = UnknownConsumer { id: "jurnal".to_owned(), declared: ALL };
        let text =
            "`jurnal` is no declared consumer of this channel; declared are `journal`, `risk` and `dash`";
        assert_eq!(error.to_string(), text);
    }
}
