//! The event with everything resolved: what the expansion needs, and nothing optional that it must guess.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Data, Expr, ExprLit, Fields, GenericParam, Generics, Index, Lit, Member};

use super::parse::Ast;
use super::repr::{Integer, Kind};
use crate::attributes::is_lint;
use crate::path::CratePath;
use crate::types;

/// A type to be made a ring event, or to be given an inert impl.
pub(crate) struct Event<'a> {
    pub(crate) ident: &'a Ident,
    /// Without `r#`.
    pub(crate) name: String,
    pub(crate) generics: &'a Generics,
    pub(crate) krate: CratePath,
    /// Levels of lints that the user set for the type.
    pub(crate) lints: Vec<&'a Attribute>,
    /// Whether the checks found nothing.
    pub(crate) sound: bool,
    /// Nothing in it rules out `Copy`, so that asking for it tells something new.
    pub(crate) could_be_copy: bool,
    pub(crate) shape: Shape<'a>,
}

pub(crate) enum Shape<'a> {
    Struct(Struct),
    Enum {
        repr: Integer,
        variants: Vec<Variant<'a>>,
    },
    /// Nothing to say about it beyond its errors.
    Refused,
}

pub(crate) struct Struct {
    pub(crate) fields: Vec<Field>,
    /// Whether the offsets mean anything: `repr(C)` or `repr(transparent)`.
    pub(crate) ordered: bool,
    /// Whether `align(N)` may add bytes at the end.
    pub(crate) aligned: bool,
}

pub(crate) struct Field {
    pub(crate) member: Member,
    pub(crate) name: String,
    /// With `Self` written out, so that it means the same in other places.
    pub(crate) ty: TokenStream,
    /// Where errors about the field go.
    pub(crate) span: Span,
    /// The constant that holds what is known of its type.
    pub(crate) part: Ident,
    /// The checks refused its type already.
    pub(crate) refused: bool,
}

pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) name: String,
    /// The constant that holds its discriminant.
    pub(crate) part: Ident,
    /// Its discriminant is zero, as far as syntax can tell.
    pub(crate) is_zero: bool,
}

impl<'a> Event<'a> {
    pub(crate) fn of(ast: &Ast<'a>, sound: bool) -> Self {
        let ident = &ast.item.ident;
        let generics = &ast.item.generics;
        let provable = generics.params.iter().all(|param| matches!(param, GenericParam::Const(_)));
        let shape = match &ast.item.data {
            Data::Struct(data) if provable => Shape::Struct(Struct::of(ast, &data.fields)),
            Data::Enum(data) if sound => Shape::Enum {
                repr: ast.repr.integer().unwrap_or(Integer::U8),
                variants: variants(data.variants.iter()),
            },
            _ => Shape::Refused,
        };
        let could_be_copy = provable
            && match &ast.item.data {
                Data::Struct(data) => data.fields.iter().all(|field| {
                    types::refusal(&field.ty, types::LATER).is_none_or(|refusal| refusal.is_copy)
                }),
                Data::Enum(data) => data.variants.iter().all(|variant| variant.fields.is_empty()),
                Data::Union(_) => false,
            };
        let (name, krate) = (ident.unraw().to_string(), ast.krate.clone());
        let lints = ast.item.attrs.iter().filter(|attribute| is_lint(&attribute.meta)).collect();
        Self { ident, name, generics, krate, lints, sound, could_be_copy, shape }
    }

    /// Whether the layout depends on const parameters.
    pub(crate) fn is_generic(&self) -> bool {
        !self.generics.params.is_empty()
    }

    /// The type, as it is written outside its own declaration.
    pub(crate) fn ty(&self) -> TokenStream {
        let ident = self.ident;
        let (_, arguments, _) = self.generics.split_for_impl();
        quote!(#ident #arguments)
    }
}

impl Struct {
    fn of(ast: &Ast<'_>, fields: &Fields) -> Self {
        let this = {
            let ident = &ast.item.ident;
            let (_, arguments, _) = ast.item.generics.split_for_impl();
            let arguments = arguments.as_turbofish();
            quote!(#ident #arguments)
        };
        let fields = fields.iter().enumerate().map(|(index, field)| {
            let member =
                field.ident.clone().map_or_else(|| Member::Unnamed(Index::from(index)), Member::Named);
            Field {
                name: match &member {
                    Member::Named(ident) => ident.unraw().to_string(),
                    Member::Unnamed(_) => index.to_string(),
                },
                span: field.ident.as_ref().map_or_else(|| field.ty.span(), Ident::span),
                ty: without_self(field.ty.to_token_stream(), &this),
                part: format_ident!("F{index}"),
                refused: types::refusal(&field.ty, types::LATER).is_some(),
                member,
            }
        });
        Self {
            fields: fields.collect(),
            ordered: (ast.repr.has(Kind::C) || ast.repr.has(Kind::Transparent))
                && !ast.repr.has(Kind::Packed),
            aligned: ast.repr.has(Kind::Align),
        }
    }
}

fn variants<'a>(variants: impl Iterator<Item = &'a syn::Variant>) -> Vec<Variant<'a>> {
    variants
        .enumerate()
        .map(|(index, variant)| Variant {
            ident: &variant.ident,
            name: variant.ident.unraw().to_string(),
            part: format_ident!("V{index}"),
            is_zero: match &variant.discriminant {
                None => index == 0,
                Some((_, Expr::Lit(ExprLit { lit: Lit::Int(lit), .. }))) => lit.base10_digits() == "0",
                Some(_) => false,
            },
        })
        .collect()
}

/// `Self` replaced by `this`: field types are repeated where `Self` is something else.
fn without_self(tokens: TokenStream, this: &TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Ident(ident) if ident == "Self" => this.clone(),
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without_self(group.stream(), this));
                inner.set_span(group.span());
                TokenTree::Group(inner).into()
            }
            other => other.into(),
        })
        .collect()
}
