//! A struct: one probe per question about its fields, and the impl.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::super::model::{Event, Field, Struct};
use super::{bounds, plain};
use crate::spans::{at, call, respan};

/// Everything that the compiler is asked, each at the token it is about.
pub(super) fn probes(event: &Event<'_>, fields: &Struct) -> TokenStream {
    let private = event.krate.private();
    let generics = event.generics;
    let (impl_generics, arguments, clause) = generics.split_for_impl();
    let parts = fields.fields.iter().filter(|field| !field.refused).map(|field| {
        let (name, field_ty) = (&field.part, &field.ty);
        let probe = quote_spanned!(at(field.span)=> <#field_ty as #private::layout::FieldType>::PART);
        quote!(const #name: #private::layout::Part<#field_ty> = #probe;)
    });
    let layout = match (fields.ordered, event.is_generic()) {
        (true, false) => gaps(event, fields),
        _ => TokenStream::new(),
    };
    let proof = if event.sound {
        let proof = proof(event, fields);
        let schema = schema_fields(event, fields);
        quote!(#proof #schema)
    } else {
        TokenStream::new()
    };
    quote! {
        struct __MyelonParts #generics #clause;
        impl #impl_generics __MyelonParts #arguments #clause {
            #(#parts)*
            #proof
        }
        #layout
    }
}

/// The compiler counts the padding of a concrete type, and says it at the field.
fn gaps(event: &Event<'_>, fields: &Struct) -> TokenStream {
    let private = event.krate.private();
    let ty = event.ty();
    let ask = |span, question: TokenStream| {
        let this = respan(ty.clone(), span);
        quote_spanned!(at(span)=> const _: () = <#this as #private::layout::#question>::HOLDS;)
    };
    let mut probes = TokenStream::new();
    for (field, next) in fields.fields.iter().zip(fields.fields.iter().skip(1)) {
        if !field.refused && !next.refused {
            let (end, member) = (end_of(event, field), &next.member);
            let bytes = quote!({ #private::core::mem::offset_of!(#ty, #member) - (#end) });
            probes.extend(ask(next.span, quote!(NoGapBefore<#bytes>)));
        }
    }
    if let Some(last) = fields.fields.last().filter(|last| !last.refused) {
        let end = end_of(event, last);
        let bytes = quote!({ #private::core::mem::size_of::<#ty>() - (#end) });
        probes.extend(ask(last.span, quote!(NoGapAtEnd<#bytes>)));
    }
    if !fields.fields.is_empty() {
        let empty = quote!({ #private::core::mem::size_of::<#ty>() == 0 });
        probes.extend(ask(event.ident.span(), quote!(NotEmpty<#empty>)));
    }
    probes
}

/// The offset behind a field.
fn end_of(event: &Event<'_>, field: &Field) -> TokenStream {
    let private = event.krate.private();
    let ty = event.ty();
    let (member, field_ty) = (&field.member, &field.ty);
    quote!(#private::core::mem::offset_of!(#ty, #member) + #private::core::mem::size_of::<#field_ty>())
}

/// The same for a type with const parameters: a constant that fails where the event is used.
fn proof(event: &Event<'_>, fields: &Struct) -> TokenStream {
    if !event.is_generic() {
        return TokenStream::new();
    }
    let private = event.krate.private();
    let (ty, event_name) = (event.ty(), &event.name);
    let steps = fields.fields.iter().map(|field| {
        let (name, member, field_ty) = (&field.name, &field.member, &field.ty);
        let offset = quote!(#private::core::mem::offset_of!(#ty, #member));
        let size = quote!(#private::core::mem::size_of::<#field_ty>());
        let step = call(
            quote!(#private::layout::Proof::field),
            quote!(proof, #name, #offset, #size),
            quote_spanned!(field.span=> _),
        );
        quote!(let proof = #step;)
    });
    let last = fields.fields.last().map_or(event.ident.span(), |field| field.span);
    let size = quote!(#private::core::mem::size_of::<#ty>());
    let end = call(quote!(#private::layout::Proof::size), quote!(proof, #size), quote_spanned!(last=> _));
    quote! {
        const PROOF: () = {
            let proof = #private::layout::Proof::of(#event_name);
            #(#steps)*
            #end
        };
    }
}

fn schema_fields(event: &Event<'_>, fields: &Struct) -> TokenStream {
    let private = event.krate.private();
    let ty = event.ty();
    let entries = fields.fields.iter().map(|field| {
        let (name, member, part) = (&field.name, &field.member, &field.part);
        quote! {
            #private::Field {
                name: #name,
                offset: #private::core::mem::offset_of!(#ty, #member) as #private::core::primitive::u64,
                schema: Self::#part.schema,
            }
        }
    });
    quote!(const FIELDS: &'static [#private::Field] = &[#(#entries),*];)
}

pub(super) fn ring_event(event: &Event<'_>, fields: &Struct) -> TokenStream {
    let private = event.krate.private();
    let (ident, name, ty) = (event.ident, &event.name, event.ty());
    let (impl_generics, arguments, _) = event.generics.split_for_impl();
    let turbofish = arguments.as_turbofish();
    let bounds = bounds(event, &plain(event));
    let parts = quote!(__MyelonParts #turbofish);
    let proof = event.is_generic().then(|| quote!(let () = #parts::PROOF;));
    let members: Vec<_> = fields.fields.iter().map(|field| &field.member).collect();
    let consts: Vec<_> = fields.fields.iter().map(|field| &field.part).collect();
    quote! {
        #[automatically_derived]
        unsafe impl #impl_generics #private::RingEvent for #ty #bounds {
            const BLANK: Self = {
                #proof
                #ident { #(#members: #parts::#consts.blank),* }
            };
            const SCHEMA: &'static #private::Schema = {
                #proof
                &#private::Schema::new(
                    #name,
                    #private::core::mem::size_of::<Self>(),
                    #private::core::mem::align_of::<Self>(),
                    #private::Kind::Struct(#parts::FIELDS),
                )
            };
            const CHECKED: #private::core::primitive::bool = #(#parts::#consts.checked)||*;

            #[inline]
            unsafe fn is_valid(at: *const Self) -> #private::core::primitive::bool {
                // SAFETY: (1) is the caller's promise; (2) the compiler gives the offset of the field, and the
                // constant was made for its type.
                unsafe {
                    #(#parts::#consts.is_valid(at, #private::core::mem::offset_of!(Self, #members)))&&*
                }
            }
        }
    }
}
