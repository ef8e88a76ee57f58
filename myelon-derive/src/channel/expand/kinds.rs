//! A channel of messages of several kinds: a lane of the producer for each, and an enum to match on.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use syn::{Lifetime, parse_quote};

use super::super::docs;
use super::super::format::Format;
use super::super::model::{self, Channel, Records};
use super::lane::Lane;
use super::shown::{Shown, shown};
use super::{Parts, config, consumers, owned, repeated};
use crate::attributes;

/// One variant, as the expansion needs it.
pub(super) struct Kind<'a> {
    pub(super) model: &'a model::Lane<'a>,
    lane: Lane<'a>,
    pub(super) number: TokenStream,
    /// The variant of what is held.
    pub(super) held: Ident,
    /// The format, as every item can name it.
    pub(super) format: TokenStream,
}

/// What is held of a message: the kinds, each by its place.
pub(super) fn held() -> TokenStream {
    quote!(__MyelonHeld)
}

pub(super) fn expand(channel: &Channel<'_>, records: &Records, lanes: &[model::Lane<'_>]) -> TokenStream {
    let private = channel.krate.private();
    let vis = channel.vis;
    let (marker, producer, consumer, lossy) = channel.names.ends();
    // An enum always has this one.
    let Some(reference) = &channel.names.reference else { return TokenStream::new() };
    let kinds: Vec<Kind<'_>> = lanes
        .iter()
        .enumerate()
        .map(|(at, model)| {
            let number = Literal::usize_unsuffixed(at);
            let number = quote!(#number);
            let format = quote!(<#marker as #private::check::LaneOf<#number>>::Lane);
            let lane = Lane::new(channel, &model.message, Some(at));
            Kind { model, lane, number, held: format_ident!("V{at}"), format }
        })
        .collect();
    let declarations = kinds.iter().map(|kind| declaration(channel, kind));
    let shapes = kinds.iter().map(|kind| kind.lane.shape(&kind.format, &model::plain(kind.model.ident)));
    let config = config::records(channel, records);
    let checks = config::record_checks(channel, records);
    let format = format(channel, records, &kinds, reference);
    let methods = kinds.iter().filter_map(|kind| method(channel, kind));
    let message = message(channel, records, &kinds, reference);
    // Tables have none, which was said.
    let has_owned = |kind: &Kind<'_>| !matches!(kind.model.message.format, Format::Flatbuffers);
    let name = channel.names.owned.as_ref().filter(|_| kinds.iter().all(has_owned));
    let owned = name.map(|name| owned::declaration(channel, records, &kinds, name));
    let giving = name.map(|name| owned::giving(channel, records, &kinds, name));
    let declared = consumers::declared(channel);
    Parts {
        producer: quote!(#private::RecordProducer),
        consumer: quote!(#private::MessageConsumer<#marker>),
        lossy: quote!(#private::MessageLossyConsumer<#marker>),
        beside: quote!(#message #owned),
        inside: quote! {
            #checks
            #(#declarations)*
            #format
            #giving
            #[automatically_derived]
            impl #private::MessageChannel for #marker {
                type Format = Self;
                type Producer = #producer;
                type Consumer = #consumer;
                const CONFIG: #private::MessageConfig = #config;
                const LANES: &'static [#private::LaneShape] = &[#(#shapes),*];
            }
            impl #producer {
                #(#methods)*
            }
            #private::message_marker!(#marker, #vis, #producer, #consumer, #lossy, #declared);
            #private::message_enum_producer!(#producer, #vis, #marker);
            #private::message_consumer!(#consumer, #vis, #marker);
            #private::end!(#lossy, #private::MessageLossyConsumer<#marker>);
        },
    }
    .items(channel)
}

/// The enum that a lease gives, and its traits.
fn message(channel: &Channel<'_>, records: &Records, kinds: &[Kind<'_>], reference: &Ident) -> TokenStream {
    let private = channel.krate.private();
    let others = repeated(channel);
    let lifetime: Lifetime = parse_quote!('a);
    let payloads = kinds.iter().map(|kind| kind.lane.reference(&kind.format));
    let bytes = quote!(&'a [#private::core::primitive::u8]);
    let named = (reference, Some(lifetime));
    let Shown { declaration, debug } =
        shown(channel, records, kinds, named, &docs::reference(channel), payloads, &bytes);
    quote! {
        #declaration

        #(#others)*
        #[automatically_derived]
        impl #private::core::marker::Copy for #reference<'_> {}

        #(#others)*
        #[automatically_derived]
        impl #private::core::clone::Clone for #reference<'_> {
            #[inline]
            fn clone(&self) -> Self {
                *self
            }
        }

        #debug
    }
}

/// The type of a lane, where others find it.
fn declaration(channel: &Channel<'_>, kind: &Kind<'_>) -> TokenStream {
    let private = channel.krate.private();
    let marker = &channel.names.marker;
    let (declarations, number) = (kind.lane.declarations(), &kind.number);
    let lane = kind.lane.associated("Lane");
    quote! {
        #declarations
        impl #private::check::LaneOf<#number> for #marker {
            #lane
        }
    }
}

/// How a message is read: by its kind.
fn format(channel: &Channel<'_>, records: &Records, kinds: &[Kind<'_>], reference: &Ident) -> TokenStream {
    let private = channel.krate.private();
    let marker = &channel.names.marker;
    let held = held();
    let each =
        |one: &dyn Fn(&Kind<'_>) -> TokenStream| -> Vec<TokenStream> { kinds.iter().map(one).collect() };
    let variants = each(&|kind| {
        let (variant, lane) = (&kind.held, &kind.format);
        quote!(#variant(<#lane as #private::Format>::Held<'a>))
    });
    let holding = each(&|kind| {
        let (variant, lane, number) = (&kind.held, &kind.format, &kind.number);
        quote!(#number => <#lane as #private::Format>::hold(kind, bytes, trust).map(#held::#variant))
    });
    let showing = each(&|kind| {
        let (variant, lane, ident) = (&kind.held, &kind.format, kind.model.ident);
        quote!(#held::#variant(held) => #reference::#ident(<#lane as #private::Format>::show(held)))
    });
    let read_whole = each(&|kind| {
        let lane = &kind.format;
        quote!(<#lane as #private::Format>::READ_WHOLE)
    });
    let (unknown, holding_unknown, showing_unknown) = if records.evolves {
        (
            quote!(Unknown { kind: #private::core::primitive::u16, bytes: &'a [#private::core::primitive::u8] }),
            quote!(_ => #private::core::result::Result::Ok(#held::Unknown { kind, bytes })),
            quote!(#held::Unknown { kind, bytes } => #reference::Unknown { kind: *kind, bytes }),
        )
    } else {
        let what = "is of a kind that this build does not know";
        let refused = quote!(#private::DecodeError::new(#what));
        (TokenStream::new(), quote!(_ => #private::core::result::Result::Err(#refused)), TokenStream::new())
    };
    quote! {
        pub enum #held<'a> {
            #(#variants,)*
            #unknown
        }
        #[automatically_derived]
        impl #private::Format for #marker {
            type Held<'a> = #held<'a>;
            type Ref<'a> = #reference<'a>;
            const READ_WHOLE: #private::core::primitive::bool = false #(|| #read_whole)*;

            #[inline(always)]
            fn hold(
                kind: #private::core::primitive::u16,
                bytes: &[#private::core::primitive::u8],
                trust: #private::Trust,
            ) -> #private::core::result::Result<#held<'_>, #private::DecodeError> {
                match kind {
                    #(#holding,)*
                    #holding_unknown
                }
            }

            #[inline(always)]
            fn show<'s, 'a: 's>(held: &'s #held<'a>) -> #reference<'s> {
                match held {
                    #(#showing,)*
                    #showing_unknown
                }
            }
        }
    }
}

/// The lane as a method of the producer.
fn method(channel: &Channel<'_>, kind: &Kind<'_>) -> Option<TokenStream> {
    let private = channel.krate.private();
    let vis = channel.vis;
    let name = kind.model.method.as_ref()?;
    let docs = docs::lane(kind.model, &kind.number.to_string());
    let user = kind.model.attributes.iter().map(|attribute| attributes::once_more(attribute));
    let (shown, checked) = (kind.lane.shown(), &kind.format);
    let user: Vec<TokenStream> = user.collect();
    let method = |lane: &TokenStream| {
        quote! {
            #(#user)*
            #[doc = #docs]
            #[inline(always)]
            #vis fn #name(&mut self) -> &mut #private::MessageProducer<#lane> {
                self.0.lane()
            }
        }
    };
    let (in_docs, in_code) = (method(&shown), method(checked));
    Some(quote! {
        #[cfg(doc)]
        #in_docs
        #[cfg(not(doc))]
        #in_code
    })
}
