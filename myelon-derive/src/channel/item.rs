//! The annotated item, with its spans.

use proc_macro2::{Span, TokenStream};
use syn::spanned::Spanned;
use syn::{Attribute, Fields, Generics, Ident, Type, Visibility};

use super::args::Args;

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
    Struct(Fields),
    Enum(Vec<syn::Variant>),
    Union(Span),
}

/// What a channel carries: it decides which options there are, and what they mean.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carries {
    /// Ring events, in slots.
    Events,
    /// Messages of one type, in records.
    Messages,
    /// Messages of several kinds: an enum.
    Kinds,
}

impl Item {
    /// Reads a struct, enum or union; anything else is an error.
    pub(crate) fn parse(tokens: TokenStream) -> syn::Result<Self> {
        Ok(match syn::parse2::<syn::Item>(tokens)? {
            syn::Item::Struct(item) => Self {
                attributes: item.attrs,
                vis: item.vis,
                ident: item.ident,
                generics: item.generics,
                shape: Shape::Struct(item.fields),
            },
            syn::Item::Enum(item) => Self {
                attributes: item.attrs,
                vis: item.vis,
                ident: item.ident,
                generics: item.generics,
                shape: Shape::Enum(item.variants.into_iter().collect()),
            },
            syn::Item::Union(item) => Self {
                attributes: item.attrs,
                vis: item.vis,
                ident: item.ident,
                generics: item.generics,
                shape: Shape::Union(item.union_token.span),
            },
            other => {
                return Err(syn::Error::new(
                    other.span(),
                    "`#[myelon::channel]` belongs on a struct that names its event, `pub struct Ticks(Tick);`, or on \
                     an enum of messages",
                ));
            }
        })
    }

    /// What a struct carries, if it names one thing at least.
    pub(crate) fn payload(&self) -> Option<&Type> {
        match &self.shape {
            Shape::Struct(Fields::Unnamed(fields)) => fields.unnamed.first().map(|field| &field.ty),
            _ => None,
        }
    }
}

impl Carries {
    pub(crate) fn of(args: &Args, item: Option<&Item>) -> Self {
        let says_how = args.args.iter().any(|arg| arg.key == "codec" || arg.key == "zero_copy");
        match item {
            Some(Item { shape: Shape::Enum(_), .. }) => Self::Kinds,
            _ if says_how => Self::Messages,
            Some(item) if item.payload().is_some_and(|payload| is_slice(payload) || is_str(payload)) => {
                Self::Messages
            }
            _ => Self::Events,
        }
    }
}

/// The type without the brackets that are none: parentheses, and what a macro put around it.
pub(crate) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        _ => ty,
    }
}

pub(crate) fn is_slice(ty: &Type) -> bool {
    matches!(bare(ty), Type::Slice(_))
}

pub(crate) fn is_bytes(ty: &Type) -> bool {
    matches!(bare(ty), Type::Slice(slice) if is_primitive(&slice.elem, "u8"))
}

pub(crate) fn is_str(ty: &Type) -> bool {
    is_primitive(ty, "str")
}

/// Whether it is `name`, or `core::primitive::name`.
fn is_primitive(ty: &Type, name: &str) -> bool {
    let Type::Path(path) = bare(ty) else { return false };
    let segments: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let primitive = segments.strip_suffix(&[name.to_owned()]);
    path.qself.is_none()
        && primitive.is_some_and(|before| before.last().is_none_or(|last| last == "primitive"))
}
