//! The model into tokens. Cannot fail; what must hold beyond syntax is asked of the compiler by the probes.

mod fields;
mod pod;
mod variants;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::model::{Event, Shape};
use crate::attributes;
use crate::spans::at;

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
    let copy = copy_probe(event);
    let lints = event.lints.iter().filter_map(|attribute| attributes::repeated(attribute));
    quote!(#(#lints)* const _: () = { #copy #body };)
}

/// Asks for `Copy`, unless the type was refused for something that could not be copied anyway.
fn copy_probe(event: &Event<'_>) -> TokenStream {
    if !event.could_be_copy {
        return TokenStream::new();
    }
    let private = event.krate.private();
    let (generics, ty) = (event.generics, event.ty());
    let (impl_generics, arguments, clause) = generics.split_for_impl();
    let probe = quote_spanned!(at(event.ident.span())=> <#ty as #private::layout::IsCopy>::HOLDS);
    quote! {
        struct __MyelonCopy #generics #clause;
        impl #impl_generics __MyelonCopy #arguments #clause {
            const HOLDS: () = #probe;
        }
    }
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
            const SCHEMA: &'static #private::Schema =
                &#private::Schema::new("refused", 1, 1, #private::Kind::Struct(&[]));
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
