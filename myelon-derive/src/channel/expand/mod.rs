//! The model into items. Cannot fail. What has behaviour stands in the runtime; here are only declarations.

mod config;
mod consumers;
mod events;
mod kinds;
mod lane;
mod messages;
mod owned;
mod shown;

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::docs;
use super::model::{Carried, Channel};
use crate::attributes;
use crate::spans::parentheses;

pub(crate) fn expand(channel: &Channel<'_>) -> TokenStream {
    match &channel.carried {
        Carried::Events(events) => events::expand(channel, events),
        Carried::Messages(records, message) => messages::expand(channel, records, message),
        Carried::Kinds(records, lanes) => kinds::expand(channel, records, lanes),
    }
}

/// The items of every channel: what the ends wrap, what stands beside them, and what is inside the block that
/// nobody can name.
struct Parts {
    producer: TokenStream,
    consumer: TokenStream,
    lossy: TokenStream,
    beside: TokenStream,
    inside: TokenStream,
}

impl Parts {
    fn items(&self, channel: &Channel<'_>) -> TokenStream {
        let vis = channel.vis;
        let names = &channel.names;
        let first = &channel.attributes;
        let others = repeated(channel);
        let (marker_docs, producer_docs) = (docs::marker(channel), docs::producer(channel));
        let (consumer_docs, lossy_docs) = (docs::consumer(channel), docs::lossy(channel));
        // At the user's name, so that the compiler shows it where another item has one of these names.
        let (marker, place) = (&names.marker, names.marker.span());
        let marker_item = quote_spanned!(place=> enum #marker {});
        let newtype = |name: &Ident, inner: &TokenStream| {
            let fields = parentheses(inner.clone(), place);
            quote_spanned!(place=> struct #name #fields;)
        };
        let producer_item = newtype(&names.producer, &self.producer);
        let consumer_item = newtype(&names.consumer, &self.consumer);
        let lossy_item = newtype(&names.lossy, &self.lossy);
        let (beside, inside) = (&self.beside, &self.inside);
        let (ids, declared) = (consumers::beside(channel), consumers::inside(channel));
        quote! {
            #(#first)*
            #[doc = #marker_docs]
            #vis #marker_item

            #(#others)*
            #[doc = #producer_docs]
            #vis #producer_item

            #(#others)*
            #[doc = #consumer_docs]
            #vis #consumer_item

            #(#others)*
            #[doc = #lossy_docs]
            #vis #lossy_item

            #beside

            #ids

            #(#others)*
            const _: () = {
                #inside
                #declared
            };
        }
    }
}

/// The attributes of the channel, as every item but the first gets them.
fn repeated(channel: &Channel<'_>) -> Vec<TokenStream> {
    channel.attributes.iter().filter_map(|attribute| attributes::repeated(attribute)).collect()
}
