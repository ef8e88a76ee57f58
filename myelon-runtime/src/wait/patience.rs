//! How long a call may wait: not at all, for a time, until a moment, or as long as it takes.

use core::time::Duration;
use std::time::Instant;

/// How long a call may wait, as a type: decided when the program is compiled.
pub(crate) trait Patience {
    fn limit(&mut self) -> Limit;
}

/// How long a call may wait, as a value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Limit {
    Now,
    Until(Instant),
    Forever,
}

impl Limit {
    /// From now on. A time beyond what the clock can say is for ever.
    pub(crate) fn after(timeout: Duration) -> Self {
        Instant::now().checked_add(timeout).map_or(Self::Forever, Self::Until)
    }

    /// The moment, if there is one; a caller that does not wait has asked before.
    pub(crate) fn deadline(self) -> Option<Instant> {
        match self {
            Self::Until(deadline) => Some(deadline),
            Self::Forever | Self::Now => None,
        }
    }
}

/// As long as it takes.
#[derive(Debug)]
pub(crate) struct Forever;
/// Not at all.
#[derive(Debug)]
pub(crate) struct Now;
/// Until this moment.
#[derive(Debug)]
pub(crate) struct By(pub(crate) Instant);
/// For this long, counted from when there was first something to wait for.
#[derive(Debug)]
pub(crate) struct Within {
    timeout: Duration,
    limit: Option<Limit>,
}

impl Within {
    pub(crate) fn new(timeout: Duration) -> Self {
        Self { timeout, limit: None }
    }
}

impl Patience for Forever {
    fn limit(&mut self) -> Limit {
        Limit::Forever
    }
}

impl Patience for Now {
    fn limit(&mut self) -> Limit {
        Limit::Now
    }
}

impl Patience for By {
    fn limit(&mut self) -> Limit {
        Limit::Until(self.0)
    }
}

impl Patience for Within {
    fn limit(&mut self) -> Limit {
        *self.limit.get_or_insert_with(|| Limit::after(self.timeout))
    }
}

/// Writes out the four waiting behaviours (blocking, `try_`, `_timeout`, `_deadline`) of methods that are
/// written once, generic over their [`Patience`].
macro_rules! forms {
    (
        impl[$($generics:tt)*] $end:ty;
        blocking($block_error:ty, $block_doc:literal);
        now($now_error:ty, $now_doc:literal);
        timed($timed_error:ty, $timed_doc:literal);
        $(
            $(#[doc = $doc:literal])*
            $inner:ident: $block:ident, $now:ident, $within:ident, $by:ident
                ($($arg:ident: $ty:ty),*) -> $out:ty $(, wrapped in $wrap:ident)?;
        )*
    ) => {
        impl<$($generics)*> $end {$(
            $(#[doc = $doc])*
            ///
            /// # Errors
            #[doc = $block_doc]
            #[inline]
            pub fn $block(&mut self, $($arg: $ty),*) -> Result<$out, forms!(@error $block_error $(, $wrap)?)> {
                self.$inner($($arg,)* $crate::wait::patience::Forever)
            }

            #[doc = concat!("Like [`", stringify!($block), "`](Self::", stringify!($block), "), without waiting.")]
            ///
            /// # Errors
            #[doc = $now_doc]
            #[inline]
            pub fn $now(&mut self, $($arg: $ty),*) -> Result<$out, forms!(@error $now_error $(, $wrap)?)> {
                self.$inner($($arg,)* $crate::wait::patience::Now)
            }

            #[doc = concat!(
                "Like [`", stringify!($block), "`](Self::", stringify!($block), "), waiting at most `timeout`."
            )]
            ///
            /// # Errors
            #[doc = $timed_doc]
            #[inline]
            pub fn $within(&mut self, $($arg: $ty,)* timeout: core::time::Duration)
                -> Result<$out, forms!(@error $timed_error $(, $wrap)?)> {
                self.$inner($($arg,)* $crate::wait::patience::Within::new(timeout))
            }

            #[doc = concat!(
                "Like [`", stringify!($block), "`](Self::", stringify!($block), "), waiting at most until `deadline`."
            )]
            ///
            /// # Errors
            #[doc = $timed_doc]
            #[inline]
            pub fn $by(&mut self, $($arg: $ty,)* deadline: std::time::Instant)
                -> Result<$out, forms!(@error $timed_error $(, $wrap)?)> {
                self.$inner($($arg,)* $crate::wait::patience::By(deadline))
            }
        )*}
    };
    (@error $error:ty) => { $error };
    (@error $error:ty, $wrap:ident) => { $wrap<$error> };
}

pub(crate) use forms;
