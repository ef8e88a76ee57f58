//! Attributes of the user's item that the generated items get too.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

/// Whether it sets the level of lints.
pub(crate) fn is_lint(meta: &Meta) -> bool {
    ["allow", "warn", "deny", "forbid", "expect"].iter().any(|name| meta.path().is_ident(name))
}

/// Whether it means the same on every item: docs, `cfg`, lints, and any of them under a condition.
pub(crate) fn is_forwarded(meta: &Meta) -> bool {
    match meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => Punctuated::<Meta, Token![,]>::parse_terminated
            .parse2(list.tokens.clone())
            .is_ok_and(|metas| metas.iter().skip(1).all(is_forwarded)),
        _ => is_lint(meta) || meta.path().is_ident("doc") || meta.path().is_ident("cfg"),
    }
}

/// Whether it means the same on every item that a part of the annotated one becomes: docs, lints, and these under a
/// condition.
pub(crate) fn is_forwarded_to_part(meta: &Meta) -> bool {
    is_forwarded(meta) && !is_condition(meta)
}

/// Whether a part may be missing because of it.
fn is_condition(meta: &Meta) -> bool {
    match meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => Punctuated::<Meta, Token![,]>::parse_terminated
            .parse2(list.tokens.clone())
            .is_ok_and(|metas| metas.iter().skip(1).any(is_condition)),
        _ => meta.path().is_ident("cfg"),
    }
}

/// The attribute as further items get it: without docs, and no lint is *expected* to fire once more.
pub(crate) fn repeated(attribute: &Attribute) -> Option<TokenStream> {
    (!attribute.path().is_ident("doc")).then(|| once_more(attribute))
}

/// The attribute as a second item gets it, docs too; no lint is *expected* to fire once more.
pub(crate) fn once_more(attribute: &Attribute) -> TokenStream {
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("expect") => {
            let lints = &list.tokens;
            quote!(#[allow(#lints)])
        }
        _ => quote!(#attribute),
    }
}
