//! What `#[derive(RingEvent)]` asks the compiler: everything that syntax cannot know.
//!
//! A macro sees the words `a: u8, b: Price`, not sizes, not offsets, not which traits hold. So it emits one
//! probe per question, with the tokens of the field that is asked about, and the traits here carry the
//! sentence that the user reads. Where a type has const parameters the compiler cannot ask before they
//! are known; there [`Proof`] is a constant that is evaluated where the event is used.

use super::RingEvent;
use super::schema::Schema;
use super::text::Text;

/// Holds for every `Copy` type; carries the sentence for one that is not.
#[diagnostic::on_unimplemented(
    message = "ring event `{Self}` is not `Copy`",
    label = "add `#[derive(Clone, Copy)]` to `{Self}`",
    note = "events are copied into and out of shared memory byte for byte"
)]
pub trait IsCopy {
    /// Asks.
    const HOLDS: () = ();
}
#[diagnostic::do_not_recommend]
impl<T: Copy> IsCopy for T {}

/// The bound by which a derived impl gets the `Copy` that `RingEvent` and `Pod` demand.
///
/// Quantified over the lifetime, `for<'a> Tick: Plain<'a>`, it is not looked at before it is used: a missing
/// `Copy` is told once, by the probe, and not again for each impl.
#[diagnostic::on_unimplemented(
    message = "ring event `{Self}` is not `Copy`",
    label = "add `#[derive(Clone, Copy)]` to `{Self}`"
)]
pub trait Plain<'a>: Copy {}
#[diagnostic::do_not_recommend]
impl<T: Copy> Plain<'_> for T {}

/// The bounds of `RingEvent` for a type that was refused anyway, so that nothing more is said about it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` was refused as a ring event",
    label = "refused; see the error where `{Self}` is declared"
)]
pub trait Inert<'a>: Copy + Send + Sync + 'static {}
#[diagnostic::do_not_recommend]
impl<T: Copy + Send + Sync + 'static> Inert<'_> for T {}

/// Stands where a refused type would need a value. Never evaluated: the program does not compile.
///
/// # Panics
/// Always, at compile time.
#[allow(clippy::panic, reason = "evaluated at compile time only")]
pub const fn refused<T>() -> T {
    panic!("this ring event was refused; see the error where it is declared")
}

/// `BYTES` bytes of padding before a field of `Self`; holds for none.
#[diagnostic::on_unimplemented(
    message = "ring event `{Self}` has {BYTES} byte(s) of padding before this field",
    label = "{BYTES} byte(s) of padding before this field",
    note = "declare it, before this field: `_pad: [u8; {BYTES}],`, or order the fields from the largest alignment to \
            the smallest",
    note = "padding is uninitialised memory; it may not enter a shared segment"
)]
pub trait NoGapBefore<const BYTES: usize> {
    /// Asks.
    const HOLDS: () = ();
}
impl<E> NoGapBefore<0> for E {}

/// `BYTES` bytes of padding after the last field of `Self`; holds for none.
#[diagnostic::on_unimplemented(
    message = "ring event `{Self}` has {BYTES} byte(s) of padding at the end",
    label = "{BYTES} byte(s) of padding after this field",
    note = "declare it, as the last field: `_pad: [u8; {BYTES}],`",
    note = "padding is uninitialised memory; it may not enter a shared segment"
)]
pub trait NoGapAtEnd<const BYTES: usize> {
    /// Asks.
    const HOLDS: () = ();
}
impl<E> NoGapAtEnd<0> for E {}

/// Whether `Self` has no byte at all; holds for `false`.
#[diagnostic::on_unimplemented(
    message = "ring event `{Self}` has no bytes",
    label = "zero-sized",
    note = "give it a field of at least one byte, for example `_unused: u8`"
)]
pub trait NotEmpty<const EMPTY: bool> {
    /// Asks.
    const HOLDS: () = ();
}
impl<E> NotEmpty<false> for E {}

/// What a derived event needs to know of one field's type. Taken once per field, so that a field that is no
/// ring event is told once.
#[derive(Debug, Clone, Copy)]
pub struct Part<F> {
    /// The field's `BLANK`.
    pub blank: F,
    /// The field's `SCHEMA`.
    pub schema: &'static Schema,
    /// The field's `CHECKED`.
    pub checked: bool,
    is_valid: unsafe fn(*const F) -> bool,
}

/// Holds for every ring event; carries the sentence for a field whose type is none.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a ring event, so it cannot be a field of one",
    label = "not a ring event",
    note = "fields may be integers of fixed size, floats, `bool`, `char`, `Option<NonZero..>`, arrays of these, and \
            other ring events",
    note = "to make a type of your own one, add `#[derive(RingEvent, Clone, Copy)]`, with `#[repr(C)]` for a struct or \
            `#[repr(u8)]` for a field-less enum"
)]
pub trait FieldType: Sized {
    /// What is known of it.
    const PART: Part<Self>;
}
#[diagnostic::do_not_recommend]
impl<F: RingEvent> FieldType for F {
    const PART: Part<F> =
        Part { blank: F::BLANK, schema: F::SCHEMA, checked: F::CHECKED, is_valid: F::is_valid };
}

impl<F> Part<F> {
    /// Whether this field, `offset` bytes into `event`, is valid.
    ///
    /// # Safety
    /// 1. `event` is what `RingEvent::is_valid` of the event demands.
    /// 2. The event has a field of type `F` at `offset`.
    #[inline(always)]
    pub unsafe fn is_valid<E>(&self, event: *const E, offset: usize) -> bool {
        if !self.checked {
            return true;
        }
        // SAFETY: by (1) and (2) the field lies inside the bytes that may be read.
        let field = unsafe { event.byte_add(offset) };
        // SAFETY: by (1) and (2) the bytes of the field are what `RingEvent::is_valid` of the field demands.
        unsafe { (self.is_valid)(field.cast()) }
    }
}

/// Asks that a name that reads like a number means one: every bit pattern is valid, and there is no padding.
pub const fn number<T: bytemuck::Pod>() {}

/// A type made of one integer or float, and nothing else: the number itself, and arrays of it.
///
/// # Safety
/// Size is a multiple of the size of `Unit`, alignment is that of `Unit`, and `Unit` is a number whose size
/// is a multiple of its alignment.
pub unsafe trait Uniform {
    /// The number.
    type Unit;
}

macro_rules! uniform {
    ($($number:ty)*) => {$(
        // SAFETY: it is that number.
        unsafe impl Uniform for $number { type Unit = Self; }
    )*};
}
uniform! { u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 f32 f64 }

// SAFETY: the elements of an array touch.
unsafe impl<T: Uniform, const N: usize> Uniform for [T; N] {
    type Unit = T::Unit;
}

/// Holds if both types are made of the same number. A `repr(C)` struct of such fields has no padding,
/// however long its arrays are: with this alone may a type with const parameters be `Pod`.
pub trait SameUnit<'a, F> {}
impl<A: Uniform, B: Uniform<Unit = A::Unit>> SameUnit<'_, B> for A {}

/// The layout of an event with const parameters, proved where its constants are evaluated.
#[derive(Debug, Clone, Copy)]
pub struct Proof {
    event: &'static str,
    end: usize,
}

impl Proof {
    /// Starts at the first byte of the event called `event`.
    pub const fn of(event: &'static str) -> Self {
        Self { event, end: 0 }
    }

    /// The next field lies where the last one ended.
    ///
    /// # Panics
    /// At compile time, if padding precedes the field.
    #[must_use]
    #[track_caller]
    pub const fn field(self, name: &str, offset: usize, size: usize) -> Self {
        if offset != self.end {
            let gap = (offset - self.end) as u64;
            Text::new("ring event `")
                .text(self.event)
                .text("` has ")
                .number(gap)
                .text(" byte(s) of padding before field `")
                .text(name)
                .text("` with these const arguments; declare it, before this field: `_pad: [u8; ")
                .number(gap)
                .text("],`")
                .panic();
        }
        Self { event: self.event, end: offset + size }
    }

    /// The event ends where its last field does.
    ///
    /// # Panics
    /// At compile time, if padding follows the last field, or if the event has no bytes.
    #[track_caller]
    pub const fn size(self, size: usize) {
        if size != self.end {
            let gap = (size - self.end) as u64;
            Text::new("ring event `")
                .text(self.event)
                .text("` has ")
                .number(gap)
                .text(" byte(s) of padding at the end with these const arguments; declare it, as the last field: ")
                .text("`_pad: [u8; ")
                .number(gap)
                .text("],`")
                .panic();
        }
        if size == 0 {
            Text::new("ring event `")
                .text(self.event)
                .text("` has no bytes with these const arguments")
                .panic();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_touch_are_accepted() {
        Proof::of("E").field("a", 0, 8).field("b", 8, 3).field("c", 11, 5).size(16);
    }

    #[test]
    #[should_panic(expected = "ring event `E` has 7 byte(s) of padding before field `b`")]
    fn a_gap_names_its_field_and_its_bytes() {
        Proof::of("E").field("a", 0, 1).field("b", 8, 8).size(16);
    }

    #[test]
    #[should_panic(expected = "has 5 byte(s) of padding at the end")]
    fn a_gap_at_the_end_is_refused() {
        Proof::of("E").field("a", 0, 8).field("b", 8, 3).size(16);
    }

    #[test]
    #[should_panic(expected = "has no bytes")]
    fn an_event_of_no_bytes_is_refused() {
        Proof::of("E").field("a", 0, 0).size(0);
    }
}
