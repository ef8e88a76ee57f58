//! The enums of a channel of several kinds that programs match on: what a lease shows, and owned values.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Lifetime;

use super::super::docs;
use super::super::model::{self, Channel, Records};
use super::kinds::Kind;
use super::repeated;

/// An enum of the channel's kinds: what a lease gives, or owned values.
pub(super) struct Shown {
    /// The enum itself.
    pub(super) declaration: TokenStream,
    pub(super) debug: TokenStream,
}

/// `name` with a variant for each kind, of the types `payloads`, and of the type `bytes` for kinds that this build does not
/// know; `lifetime` is what it takes, if anything.
pub(super) fn shown(
    channel: &Channel<'_>,
    records: &Records,
    kinds: &[Kind<'_>],
    (name, lifetime): (&Ident, Option<Lifetime>),
    enum_docs: &str,
    payloads: impl Iterator<Item = TokenStream>,
    bytes: &TokenStream,
) -> Shown {
    let private = channel.krate.private();
    let vis = channel.vis;
    let others = repeated(channel);
    let variants = kinds.iter().zip(payloads).map(|(kind, payload)| {
        let (ident, attributes) = (kind.model.ident, &kind.model.attributes);
        let docs = docs::variant(kind.model);
        quote! {
            #(#attributes)*
            #[doc = #docs]
            #ident(#payload)
        }
    });
    let unknown = records.evolves.then(|| {
        quote! {
            /// A message of a kind that this build does not know: its producer is of a newer one.
            Unknown {
                /// The number of the kind.
                kind: #private::core::primitive::u16,
                /// The message as it was written.
                bytes: #bytes,
            }
        }
    });
    let each = kinds.iter().map(|kind| {
        let (ident, name) = (kind.model.ident, model::plain(kind.model.ident));
        quote!(Self::#ident(message) => #private::show_message(f, #name, message))
    });
    let unknown_shown = records
        .evolves
        .then(|| quote!(Self::Unknown { kind, bytes } => #private::show_unknown(f, *kind, bytes)));
    let generics = lifetime.as_ref().map(|lifetime| quote!(<#lifetime>));
    let elided = lifetime.as_ref().map(|_| quote!(<'_>));
    Shown {
        declaration: quote! {
            #(#others)*
            #[doc = #enum_docs]
            #vis enum #name #generics {
                #(#variants,)*
                #unknown
            }
        },
        debug: quote! {
            #(#others)*
            impl #private::core::fmt::Debug for #name #elided {
                fn fmt(
                    &self,
                    f: &mut #private::core::fmt::Formatter<'_>,
                ) -> #private::core::fmt::Result {
                    match self {
                        #(#each,)*
                        #unknown_shown
                    }
                }
            }
        },
    }
}
