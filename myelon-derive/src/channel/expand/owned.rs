//! Owned values of a channel of several kinds: an enum beside the one that a lease shows, for `owned = true`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use super::super::docs;
use super::super::model::{Channel, Records};
use super::kinds::{Kind, held};
use super::shown::{Shown, shown};
use crate::spans::respan;

/// The enum.
pub(super) fn declaration(
    channel: &Channel<'_>,
    records: &Records,
    kinds: &[Kind<'_>],
    owned: &Ident,
) -> TokenStream {
    let private = channel.krate.private();
    let payloads = kinds.iter().map(|kind| {
        let lane = &kind.format;
        at_payload(kind, quote!(<#lane as #private::Give>::Owned))
    });
    let bytes = quote!(#private::Vec<#private::core::primitive::u8>);
    let Shown { declaration, debug } =
        shown(channel, records, kinds, (owned, None), &docs::owned(channel), payloads, &bytes);
    quote!(#declaration #debug)
}

/// The tokens at the user's type: if that has no owned values, the compiler says so there, and once.
fn at_payload(kind: &Kind<'_>, tokens: TokenStream) -> TokenStream {
    let payload = kind.model.message.payload.to_token_stream().into_iter().next();
    respan(tokens, payload.map_or_else(Span::call_site, |token| token.span()))
}

/// How it is made of what a lease holds.
pub(super) fn giving(
    channel: &Channel<'_>,
    records: &Records,
    kinds: &[Kind<'_>],
    owned: &Ident,
) -> TokenStream {
    let private = channel.krate.private();
    let (marker, held) = (&channel.names.marker, held());
    let each = kinds.iter().map(|kind| {
        let (variant, lane, ident) = (&kind.held, &kind.format, kind.model.ident);
        let given = at_payload(kind, quote!(<#lane as #private::Give>::give(held)));
        quote!(#held::#variant(held) => #given.map(#owned::#ident))
    });
    let copies = kinds.iter().map(|kind| {
        let (variant, lane, ident) = (&kind.held, &kind.format, kind.model.ident);
        quote!(#held::#variant(held) => <#lane as #private::GiveCopy>::give_copy(held).map(#owned::#ident))
    });
    let lanes = kinds.iter().map(|kind| &kind.format);
    let into = kinds.iter().map(|kind| {
        let (number, lane, ident) = (&kind.number, &kind.format, kind.model.ident);
        let decoded =
            at_payload(kind, quote!(<#lane as #private::Give>::decode_into(kind, bytes, trust, into)));
        quote!((#number, #owned::#ident(into)) => #decoded)
    });
    let unknown = records.evolves.then(|| {
        quote! {
            #held::Unknown { kind, bytes } => #private::core::result::Result::Ok(#owned::Unknown {
                kind,
                bytes: #private::Vec::from(bytes),
            })
        }
    });
    let unknown_copy = records.evolves.then(|| {
        quote! {
            #held::Unknown { kind, bytes } => #private::core::result::Result::Ok(#owned::Unknown {
                kind: *kind,
                bytes: #private::Vec::from(*bytes),
            })
        }
    });
    quote! {
        #[automatically_derived]
        impl #private::GiveCopy for #marker
        where
            #(for<'a> #lanes: #private::GivesCopy<'a>,)*
        {
            #[inline]
            fn give_copy(held: &#held<'_>) -> #private::core::result::Result<#owned, #private::DecodeError> {
                match held {
                    #(#copies,)*
                    #unknown_copy
                }
            }
        }

        #[automatically_derived]
        impl #private::Give for #marker {
            type Owned = #owned;

            #[inline]
            fn give(held: #held<'_>) -> #private::core::result::Result<#owned, #private::DecodeError> {
                match held {
                    #(#each,)*
                    #unknown
                }
            }

            #[inline]
            fn decode_into(
                kind: #private::core::primitive::u16,
                bytes: &[#private::core::primitive::u8],
                trust: #private::Trust,
                into: &mut #owned,
            ) -> #private::core::result::Result<(), #private::DecodeError> {
                match (kind, into) {
                    #(#into,)*
                    (_, into) => {
                        let held = <Self as #private::Format>::hold(kind, bytes, trust)?;
                        *into = <Self as #private::Give>::give(held)?;
                        #private::core::result::Result::Ok(())
                    }
                }
            }
        }
    }
}
