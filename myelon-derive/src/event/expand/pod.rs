//! bytemuck's `Zeroable` and `Pod`, where every field has them.
//!
//! A bound on a concrete type that does not hold is an error at once, unless it is quantified over a
//! lifetime: then the impl merely does not apply. Numbers, and arrays of them, need no bound; that they mean
//! what they say is asked by a probe.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

use super::super::model::{Event, Field, Struct, Variant};
use super::{bounds, plain};
use crate::spans::at;

pub(super) fn of_struct(event: &Event<'_>, fields: &Struct) -> TokenStream {
    let private = event.krate.private();
    let ty = event.ty();
    let (impl_generics, _, _) = event.generics.split_for_impl();
    let (numbers, others): (Vec<&Field>, Vec<&Field>) =
        unique(&fields.fields).into_iter().partition(|field| !event.is_generic() && is_number(&field.ty));
    let others: Vec<_> = others.into_iter().map(|field| &field.ty).collect();
    let probes = numbers.iter().map(|field| {
        let field_ty = &field.ty;
        quote_spanned!(at(field.span)=> const _: () = #private::layout::number::<#field_ty>();)
    });

    let zeroable = quote!(#private::bytemuck::Zeroable);
    let zero_bounds = bounds(event, &quote!(#(for<'__a> #others: #zeroable,)*));
    let pod = if event.is_generic() && fields.aligned {
        // Whether `align(N)` pads depends on the parameters.
        TokenStream::new()
    } else {
        let pod = quote!(#private::bytemuck::Pod);
        let plain = plain(event);
        let uniform = match fields.fields.first().filter(|_| event.is_generic()) {
            Some(first) => {
                let first = &first.ty;
                quote!(#(for<'__a> #others: #private::layout::SameUnit<'__a, #first>,)*)
            }
            None => TokenStream::new(),
        };
        let pod_bounds = bounds(event, &quote!(#plain #(for<'__a> #others: #pod,)* #uniform));
        quote! {
            #[automatically_derived]
            unsafe impl #impl_generics #pod for #ty #pod_bounds {}
        }
    };
    quote! {
        #(#probes)*
        #[automatically_derived]
        unsafe impl #impl_generics #zeroable for #ty #zero_bounds {}
        #pod
    }
}

/// An enum may be all zero if one of its variants is zero; it is never `Pod`.
pub(super) fn of_enum(event: &Event<'_>, variants: &[Variant<'_>]) -> TokenStream {
    if !variants.iter().any(|variant| variant.is_zero) {
        return TokenStream::new();
    }
    let private = event.krate.private();
    let ident = event.ident;
    quote! {
        #[automatically_derived]
        unsafe impl #private::bytemuck::Zeroable for #ident {}
    }
}

/// One field of each type.
fn unique(fields: &[Field]) -> Vec<&Field> {
    let mut seen = std::collections::BTreeSet::new();
    fields.iter().filter(|field| seen.insert(field.ty.to_string())).collect()
}

fn is_number(ty: &TokenStream) -> bool {
    fn is(ty: &Type) -> bool {
        match ty {
            Type::Array(array) => is(&array.elem),
            Type::Group(group) => is(&group.elem),
            Type::Paren(paren) => is(&paren.elem),
            Type::Path(path) => {
                path.path.get_ident().is_some_and(|ident| NUMBERS.contains(&&*ident.to_string()))
            }
            _ => false,
        }
    }
    syn::parse2(ty.to_token_stream()).is_ok_and(|ty| is(&ty))
}

const NUMBERS: [&str; 12] =
    ["u8", "u16", "u32", "u64", "u128", "i8", "i16", "i32", "i64", "i128", "f32", "f64"];
