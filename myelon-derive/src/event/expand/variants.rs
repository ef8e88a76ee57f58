//! A field-less enum: its discriminants as constants of its integer, and the impl.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::super::model::{Event, Variant};
use super::super::repr::Integer;
use super::{bounds, plain};

pub(super) fn ring_event(event: &Event<'_>, repr: Integer, variants: &[Variant<'_>]) -> TokenStream {
    let private = event.krate.private();
    let (ident, name) = (event.ident, &event.name);
    let integer = Ident::new(repr.name(), Span::call_site());
    let integer = quote!(#private::core::primitive::#integer);
    let primitive = repr.primitive();
    let bounds = bounds(event, &plain(event));
    let (idents, names, parts): (Vec<_>, Vec<_>, Vec<_>) = (
        variants.iter().map(|variant| variant.ident).collect(),
        variants.iter().map(|variant| &variant.name).collect(),
        variants.iter().map(|variant| &variant.part).collect(),
    );
    let first = idents.first();
    quote! {
        struct __MyelonParts;
        impl __MyelonParts {
            #(const #parts: #integer = #ident::#idents as #integer;)*
            const VARIANTS: &'static [#private::Variant] = &[#(
                #private::Variant { name: #names, discriminant: Self::#parts as #private::core::primitive::i128 }
            ),*];
        }

        #[automatically_derived]
        unsafe impl #private::RingEvent for #ident #bounds {
            const BLANK: Self = '__blank: {
                #(if __MyelonParts::#parts == 0 {
                    break '__blank #ident::#idents;
                })*
                #ident::#first
            };
            const SCHEMA: &'static #private::Schema = &#private::Schema::new(
                #name,
                #private::core::mem::size_of::<Self>(),
                #private::core::mem::align_of::<Self>(),
                #private::Kind::Enum { repr: #private::Primitive::#primitive, variants: __MyelonParts::VARIANTS },
            );
            const CHECKED: #private::core::primitive::bool = true;

            #[inline]
            unsafe fn is_valid(at: *const Self) -> #private::core::primitive::bool {
                // SAFETY: the bytes may be read as the integer that represents the enum: (1).
                match unsafe { at.cast::<#integer>().read() } {
                    #(__MyelonParts::#parts)|* => true,
                    _ => false,
                }
            }
        }
    }
}
