//! The annotated item, with its spans.

use proc_macro2::{Span, TokenStream};
use syn::spanned::Spanned;
use syn::{Attribute, Generics, Ident, Visibility};

use crate::diag::Errors;

/// A type that carries `#[myelon::channel]`.
pub(crate) struct Item {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) shape: Shape,
}

/// What it is made of.
pub(crate) enum Shape {
    Struct(syn::Fields),
    Enum(Span),
    Union(Span),
}

impl Item {
    /// Reads a struct, enum or union; anything else is an error.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Option<Self> {
        let item = match syn::parse2::<syn::Item>(tokens) {
            Ok(item) => item,
            Err(error) => {
                errors.push(error);
                return None;
            }
        };
        match item {
            syn::Item::Struct(item) => Some(Self {
                attributes: item.attrs,
                vis: item.vis,
                ident: item.ident,
                generics: item.generics,
                shape: Shape::Struct(item.fields),
            }),
            syn::Item::Enum(item) => Some(Self {
                attributes: item.attrs,
                vis: item.vis,
                ident: item.ident,
                generics: item.generics,
                shape: Shape::Enum(item.enum_token.span),
            }),
            syn::Item::Union(item) => Some(Self {
                attributes: item.attrs,
                vis: item.vis,
                ident: item.ident,
                generics: item.generics,
                shape: Shape::Union(item.union_token.span),
            }),
            other => {
                errors.at(
                    other.span(),
                    "`#[myelon::channel]` belongs on a struct that names its event: `pub struct Ticks(Tick);`",
                );
                None
            }
        }
    }
}
