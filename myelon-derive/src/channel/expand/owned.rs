//! Owned values of a channel of several kinds: an enum beside the one that a lease shows, for `owned = true`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use super::super::docs;
use super::super::model::{self, Channel, Records};
use super::kinds::{Kind, held};
use super::repeated;
use crate::spans::respan;

/// The enum.
pub(super) fn declaration(
    channel: &Channel<'_>,
    records: &Records,
    kinds: &[Kind<'_>],
    owned: &Ident,
) -> TokenStream {
    let private = channel.krate.private();
    let vis = channel.vis;
    let others = repeated(channel);
    let enum_docs = docs::owned(channel);
    let variants = kinds.iter().map(|kind| {
        let (ident, attributes) = (kind.model.ident, &kind.model.attributes);
        let (docs, lane) = (docs::variant(kind.model), &kind.format);
        let owned = at_payload(kind, quote!(<#lane as #private::Give>::Owned));
        quote! {
            #(#attributes)*
            #[doc = #docs]
            #ident(#owned)
        }
    });
    let unknown = records.evolves.then(|| {
        quote! {
            /// A message of a kind that this build does not know: its producer is of a newer one.
            Unknown {
                /// The number of the kind.
                kind: #private::core::primitive::u16,
                /// The message as it was written.
                bytes: #private::Vec<#private::core::primitive::u8>,
            }
        }
    });
    let shown = kinds.iter().map(|kind| {
        let (ident, name) = (kind.model.ident, model::plain(kind.model.ident));
        quote!(Self::#ident(message) => #private::show_message(f, #name, message))
    });
    let unknown_shown = records
        .evolves
        .then(|| quote!(Self::Unknown { kind, bytes } => #private::show_unknown(f, *kind, bytes)));
    quote! {
        #(#others)*
        #[doc = #enum_docs]
        #vis enum #owned {
            #(#variants,)*
            #unknown
        }

        #(#others)*
        impl #private::core::fmt::Debug for #owned {
            fn fmt(
                &self,
                f: &mut #private::core::fmt::Formatter<'_>,
            ) -> #private::core::fmt::Result {
                match self {
                    #(#shown,)*
                    #unknown_shown
                }
            }
        }
    }
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
    quote! {
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
