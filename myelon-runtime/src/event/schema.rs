//! The description of an event's layout: what two builds compare before they talk.

use core::fmt;

/// The layout of one type, as a tree of constants.
///
/// Two peers talk only if their schemas have the same [fingerprint](Schema::fingerprint): field names,
/// primitive kinds, offsets, sizes, array lengths and enum variants. The type's own name is for people and
/// takes no part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// The type's own name, for display only.
    pub name: &'static str,
    /// Size in bytes.
    pub size: u64,
    /// Alignment in bytes.
    pub align: u64,
    /// What it is made of.
    pub kind: Kind,
}

/// What a type is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number, `bool`, `char` or `Option<NonZero..>`.
    Primitive(Primitive),
    /// `[element; len]`.
    Array {
        /// How many elements.
        len: u64,
        /// The layout of one.
        element: &'static Schema,
    },
    /// A struct; the fields in the order of their offsets.
    Struct(&'static [Field]),
    /// A field-less enum.
    Enum {
        /// The integer that holds the discriminant.
        repr: Primitive,
        /// The variants in the order of declaration.
        variants: &'static [Variant],
    },
    /// What a channel of messages carries: its kinds, in order.
    Lanes(&'static [LaneShape]),
}

/// One kind of message of a channel, and all that two builds must agree on to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaneShape {
    /// Its name in the declaration.
    pub name: &'static str,
    /// Its number.
    pub kind: u16,
    /// The name of its format.
    pub codec: &'static str,
    /// Whether that is a format of this library, and not the program's own.
    pub built_in: bool,
    /// What of that format can differ between builds.
    pub format: u64,
    /// The payload's type, as it was written.
    pub payload: &'static str,
    /// The layout of the payload, where it is that of a ring event.
    pub layout: Option<&'static Schema>,
}

/// One field of a struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name without `r#`; the index for a tuple struct.
    pub name: &'static str,
    /// Bytes from the start of the struct.
    pub offset: u64,
    /// Its layout.
    pub schema: &'static Schema,
}

/// One variant of a field-less enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant {
    /// Its name without `r#`.
    pub name: &'static str,
    /// Its discriminant (a `u64` or `i64` both fit).
    pub discriminant: i128,
}

macro_rules! primitives {
    ($($variant:ident = $code:literal, $name:literal;)*) => {
        /// The types that are not made of others. The codes are part of the segment format.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "each is named after the Rust type that `name` returns")]
        pub enum Primitive { $($variant = $code,)* }

        impl Primitive {
            /// The canonical name, as it is written in Rust.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The inverse of `self as u8`.
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

primitives! {
    U8 = 1, "u8"; U16 = 2, "u16"; U32 = 3, "u32"; U64 = 4, "u64"; U128 = 5, "u128";
    I8 = 6, "i8"; I16 = 7, "i16"; I32 = 8, "i32"; I64 = 9, "i64"; I128 = 10, "i128";
    F32 = 11, "f32"; F64 = 12, "f64"; Bool = 13, "bool"; Char = 14, "char";
    OptU8 = 17, "Option<NonZeroU8>"; OptU16 = 18, "Option<NonZeroU16>"; OptU32 = 19, "Option<NonZeroU32>";
    OptU64 = 20, "Option<NonZeroU64>"; OptU128 = 21, "Option<NonZeroU128>";
    OptI8 = 22, "Option<NonZeroI8>"; OptI16 = 23, "Option<NonZeroI16>"; OptI32 = 24, "Option<NonZeroI32>";
    OptI64 = 25, "Option<NonZeroI64>"; OptI128 = 26, "Option<NonZeroI128>";
}

impl Schema {
    /// A schema; the macros call this, `size` and `align` straight from the compiler.
    pub const fn new(name: &'static str, size: usize, align: usize, kind: Kind) -> Self {
        Self { name, size: size as u64, align: align as u64, kind }
    }
}

impl fmt::Display for Primitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
