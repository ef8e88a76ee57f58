//! The events that are not derived: integers, floats, `bool`, `char`, arrays, `Option<NonZero..>`.

use core::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroU8, NonZeroU16, NonZeroU32,
    NonZeroU64, NonZeroU128,
};

use super::{Kind, Primitive, RingEvent, Schema};

macro_rules! plain {
    ($($ty:ty => $primitive:ident, $blank:expr;)*) => {$(
        // SAFETY: (1, 2) a number (or an optional non-zero number, whose `None` is zero) has no padding and
        // no invalid pattern; (3) nothing to check; (4) the schema names this very type.
        unsafe impl RingEvent for $ty {
            const BLANK: Self = $blank;
            const SCHEMA: &'static Schema = &Schema::new(
                stringify!($ty), size_of::<$ty>(), align_of::<$ty>(), Kind::Primitive(Primitive::$primitive),
            );
            const CHECKED: bool = false;
            #[inline(always)]
            unsafe fn is_valid(_: *const Self) -> bool { true }
        }
    )*};
}

plain! {
    u8 => U8, 0; u16 => U16, 0; u32 => U32, 0; u64 => U64, 0; u128 => U128, 0;
    i8 => I8, 0; i16 => I16, 0; i32 => I32, 0; i64 => I64, 0; i128 => I128, 0;
    f32 => F32, 0.0; f64 => F64, 0.0;
    Option<NonZeroU8> => OptU8, None; Option<NonZeroU16> => OptU16, None; Option<NonZeroU32> => OptU32, None;
    Option<NonZeroU64> => OptU64, None; Option<NonZeroU128> => OptU128, None;
    Option<NonZeroI8> => OptI8, None; Option<NonZeroI16> => OptI16, None; Option<NonZeroI32> => OptI32, None;
    Option<NonZeroI64> => OptI64, None; Option<NonZeroI128> => OptI128, None;
}

// SAFETY: (1) one byte; (2, 3) only 0 and 1 are valid, read as `u8`; (4) the schema names this type.
unsafe impl RingEvent for bool {
    const BLANK: Self = false;
    const SCHEMA: &'static Schema = &Schema::new("bool", 1, 1, Kind::Primitive(Primitive::Bool));
    const CHECKED: bool = true;
    #[inline]
    unsafe fn is_valid(at: *const Self) -> bool {
        // SAFETY: by (1) of the trait's `is_valid` the byte may be read as an integer.
        unsafe { at.cast::<u8>().read() <= 1 }
    }
}

// SAFETY: (1) four bytes, no padding; (2, 3) only Unicode scalar values are valid, read as `u32`; (4) the
// schema names this type.
unsafe impl RingEvent for char {
    const BLANK: Self = '\0';
    const SCHEMA: &'static Schema =
        &Schema::new("char", 4, align_of::<char>(), Kind::Primitive(Primitive::Char));
    const CHECKED: bool = true;
    #[inline]
    unsafe fn is_valid(at: *const Self) -> bool {
        // SAFETY: by (1) of the trait's `is_valid` the bytes may be read as an integer.
        let scalar = unsafe { at.cast::<u32>().read() };
        char::from_u32(scalar).is_some()
    }
}

// SAFETY: (1) the elements of an array touch, so it has no padding if `T` has none; one without elements has no
// byte that could be wrong, and is refused as the event of a channel by `channel::check`; (2) the elements decide;
// (3) each element is asked; (4) the schema says so.
unsafe impl<T: RingEvent, const N: usize> RingEvent for [T; N] {
    const BLANK: Self = [T::BLANK; N];
    const SCHEMA: &'static Schema = &Schema::new(
        "array",
        size_of::<[T; N]>(),
        align_of::<[T; N]>(),
        Kind::Array { len: N as u64, element: T::SCHEMA },
    );
    const CHECKED: bool = T::CHECKED;
    #[inline]
    unsafe fn is_valid(at: *const Self) -> bool {
        if !T::CHECKED {
            return true;
        }
        let first = at.cast::<T>();
        (0..N).all(|index| {
            // SAFETY: `index < N`, so the element lies inside the array that (1) of `is_valid` describes.
            let element = unsafe { first.add(index) };
            // SAFETY: by (1) of `is_valid`, which holds for each element.
            unsafe { T::is_valid(element) }
        })
    }
}
