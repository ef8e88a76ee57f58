//! A channel of messages of one type.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::model::{Channel, Message, Records};
use super::lane::Lane;
use super::{Parts, config, consumers};

pub(super) fn expand(channel: &Channel<'_>, records: &Records, message: &Message) -> TokenStream {
    let private = channel.krate.private();
    let vis = channel.vis;
    let (marker, producer, consumer, lossy) = channel.names.ends();
    let lane = Lane::new(channel, message, None);
    let format = quote!(<#marker as #private::MessageChannel>::Format);
    let (declarations, shown) = (lane.declarations(), lane.shown());
    let in_code = lane.associated("Format");
    let shape = lane.shape(&quote!(Self::Format), &channel.name);
    // With the format itself documentation lists the methods that only this one has.
    let ends = [(quote!(doc), &shown), (quote!(not(doc)), &format)].map(|(when, format)| {
        quote! {
            #[cfg(#when)]
            #private::message_producer!(#producer, #vis, #format);
            #[cfg(#when)]
            #private::message_consumer!(#consumer, #vis, #format);
            #[cfg(#when)]
            #private::end!(#lossy, #private::MessageLossyConsumer<#format>);
        }
    });
    let config = config::records(channel, records);
    let checks = config::record_checks(channel, records);
    let declared = consumers::declared(channel);
    Parts {
        producer: quote!(#private::MessageProducer<#format>),
        consumer: quote!(#private::MessageConsumer<#format>),
        lossy: quote!(#private::MessageLossyConsumer<#format>),
        beside: TokenStream::new(),
        inside: quote! {
            #checks
            #declarations
            #[automatically_derived]
            impl #private::MessageChannel for #marker {
                // Documentation shows the format, and not how it is checked.
                #[cfg(doc)]
                type Format = #shown;
                #[cfg(not(doc))]
                #in_code
                type Producer = #producer;
                type Consumer = #consumer;
                const CONFIG: #private::MessageConfig = #config;
                const LANES: &'static [#private::LaneShape] = &[#shape];
            }
            #private::message_marker!(#marker, #vis, #producer, #consumer, #lossy, #declared);
            #(#ends)*
        },
    }
    .items(channel)
}
