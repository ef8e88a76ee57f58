//! The model into tokens. Cannot fail; what must hold beyond syntax is asked of the compiler by the probes.

mod fields;
mod pod;
mod variants;

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::quote;

use super::model::{Event, Shape};

pub(crate) fn expand(event: &Event<'_>) -> TokenStream {
    let body = match &event.shape {
        Shape::Struct(fields) => {
            let probes = fields::probes(event, fields);
            let impls = if event.sound {
                let ring_event = fields::ring_event(event, fields);
                let pod = pod::of_struct(event, fields);
                quote!(#ring_event #pod)
            } else {
                inert(event)
            };
            quote!(#probes #impls)
        }
        Shape::Enum { repr, variants } => {
            let ring_event = variants::ring_event(event, *repr, variants);
            let pod = pod::of_enum(event, variants);
            quote!(#ring_event #pod)
        }
        Shape::Refused => inert(event),
    };
    quote!(const _: () = { #body };)
}

/// An impl for a type that was refused, so that its uses do not fail a second time. Never evaluated.
fn inert(event: &Event<'_>) -> TokenStream {
    let private = event.krate.private();
    let ty = event.ty();
    let (impl_generics, _, _) = event.generics.split_for_impl();
    let bounds = bounds(event, &quote!(for<'__a> #ty: #private::layout::Inert<'__a>,));
    quote! {
        #[automatically_derived]
        unsafe impl #impl_generics #private::RingEvent for #ty #bounds {
            const BLANK: Self = #private::layout::refused();
            const SCHEMA: &'static #private::Schema = #private::layout::refused();
            const CHECKED: #private::core::primitive::bool = true;
            unsafe fn is_valid(_: *const Self) -> #private::core::primitive::bool {
                false
            }
        }
    }
}

/// The where clause of the type, and `more` bounds.
fn bounds(event: &Event<'_>, more: &TokenStream) -> TokenStream {
    let own = event.generics.where_clause.as_ref().map(|clause| clause.predicates.iter());
    let own = own.into_iter().flatten();
    quote!(where #(#own,)* #more)
}

/// The bound by which the impl gets its `Copy`. The probe asks for it where the type is declared.
fn plain(event: &Event<'_>) -> TokenStream {
    let private = event.krate.private();
    let ty = event.ty();
    quote!(for<'__a> #ty: #private::layout::Plain<'__a>,)
}

/// The place of the user's token, with the names of the macro.
fn at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

/// The same tokens, all at `span`: what the compiler says of any of them, it says there.
fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| {
            let mut token = match token {
                TokenTree::Group(group) => {
                    TokenTree::Group(Group::new(group.delimiter(), respan(group.stream(), span)))
                }
                other => other,
            };
            token.set_span(span);
            token
        })
        .collect()
}
