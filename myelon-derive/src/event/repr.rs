//! `#[repr(..)]` into words with spans.

use proc_macro2::{Ident, Span};
use syn::{Attribute, LitInt, parenthesized};

use crate::diag::Errors;

/// One word of a `#[repr(..)]`.
pub(crate) struct Word {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// What a word asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    C,
    Transparent,
    Align,
    Packed,
    Integer(Integer),
    Other,
}

/// The integers that may hold the discriminant of an enum.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Integer {
    U8,
    U16,
    U32,
    U64,
    I8,
    I16,
    I32,
    I64,
}

impl Integer {
    const ALL: [(&'static str, Self); 8] = [
        ("u8", Self::U8),
        ("u16", Self::U16),
        ("u32", Self::U32),
        ("u64", Self::U64),
        ("i8", Self::I8),
        ("i16", Self::I16),
        ("i32", Self::I32),
        ("i64", Self::I64),
    ];

    /// The Rust type.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, integer)| *integer == self).map_or("u8", |(name, _)| *name)
    }

    /// The variant of the runtime's `Primitive`.
    pub(crate) fn primitive(self) -> Ident {
        Ident::new(&self.name().to_uppercase(), Span::call_site())
    }
}

/// All words of all `#[repr(..)]` attributes.
#[derive(Default)]
pub(crate) struct Repr(pub(crate) Vec<Word>);

impl Repr {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut words = Vec::new();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("repr")) {
            let parsed = attribute.parse_nested_meta(|meta| {
                let Some(ident) = meta.path.get_ident() else {
                    return Err(meta.error("expected a representation, for example `C`"));
                };
                let text = ident.to_string();
                if meta.input.peek(syn::token::Paren) {
                    let content;
                    parenthesized!(content in meta.input);
                    content.parse::<LitInt>()?;
                }
                words.push(Word { kind: Kind::of(&text), text, span: ident.span() });
                Ok(())
            });
            if let Err(error) = parsed {
                errors.push(error);
            }
        }
        Self(words)
    }

    pub(crate) fn has(&self, kind: Kind) -> bool {
        self.0.iter().any(|word| word.kind == kind)
    }

    pub(crate) fn integer(&self) -> Option<Integer> {
        self.0.iter().find_map(|word| match word.kind {
            Kind::Integer(integer) => Some(integer),
            _ => None,
        })
    }
}

impl Kind {
    fn of(text: &str) -> Self {
        match text {
            "C" => Self::C,
            "transparent" => Self::Transparent,
            "align" => Self::Align,
            "packed" => Self::Packed,
            _ => Integer::ALL
                .iter()
                .find(|(name, _)| *name == text)
                .map_or(Self::Other, |(_, integer)| Self::Integer(*integer)),
        }
    }
}
