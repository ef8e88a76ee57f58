//! What `#[myelon::channel]` makes of a format whose feature is off: `of` a type, which then does not exist, nothing; and of
//! what it would `ask` about it, one sentence. `__private` chooses: only here it is known which features are on.

/// Of a feature that is on.
#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_on {
    (of $($ty:tt)*) => { $($ty)* };
    (ask $($question:tt)*) => { $($question)* };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_no_rkyv {
    (of $($ty:tt)*) => {
        ()
    };
    (ask $($question:tt)*) => {
        $crate::__private::core::compile_error!(
            "`zero_copy = rkyv` needs the feature `rkyv` of `myelon`, in Cargo.toml: \
             myelon = { version = \"..\", features = [\"rkyv\"] }"
        )
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_no_flatbuffers {
    (of $($ty:tt)*) => {
        ()
    };
    (ask $($question:tt)*) => {
        $crate::__private::core::compile_error!(
            "`zero_copy = flatbuffers` needs the feature `flatbuffers` of `myelon`, in Cargo.toml: \
             myelon = { version = \"..\", features = [\"flatbuffers\"] }"
        )
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_no_postcard {
    (of $($ty:tt)*) => {
        ()
    };
    (ask $($question:tt)*) => {
        $crate::__private::core::compile_error!(
            "`codec = postcard` needs the feature `postcard` of `myelon`, in Cargo.toml: \
             myelon = { version = \"..\", features = [\"postcard\"] }"
        )
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __myelon_no_bincode {
    (of $($ty:tt)*) => {
        ()
    };
    (ask $($question:tt)*) => {
        $crate::__private::core::compile_error!(
            "`codec = bincode` needs the feature `bincode` of `myelon`, in Cargo.toml: \
             myelon = { version = \"..\", features = [\"bincode\"] }"
        )
    };
}

/// What a channel of flatbuffers implements for its table, in a program without them.
#[cfg(not(feature = "flatbuffers"))]
#[doc(hidden)]
pub trait Family {
    /// The table.
    type Table<'a>;
}
