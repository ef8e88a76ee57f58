//! A channel of events.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::super::model::{Channel, Events, Optimize};
use super::{Parts, config, consumers};
use crate::spans::{associated, at, call};

pub(super) fn expand(channel: &Channel<'_>, events: &Events) -> TokenStream {
    let private = channel.krate.private();
    let vis = channel.vis;
    let (marker, producer, consumer, lossy) = channel.names.ends();
    let end = |end: &str| {
        let end = Ident::new(end, Span::call_site());
        quote! {
            #private::#end<
                <#marker as #private::Channel>::Event,
                <#marker as #private::Channel>::Slots,
            >
        }
    };
    let implementation = implementation(channel, events);
    let numbers = config::checks(channel, "capacity");
    let checks = checks(channel, events);
    let declared = consumers::declared(channel);
    let lossy_end = end("LossyConsumer");
    Parts {
        producer: end("Producer"),
        consumer: end("Consumer"),
        lossy: lossy_end.clone(),
        beside: TokenStream::new(),
        inside: quote! {
            #numbers
            #checks
            #implementation
            #private::marker!(#marker, #vis, #producer, #consumer, #lossy, #declared);
            #private::producer!(#producer, #vis, #marker);
            #private::consumer!(#consumer, #vis, #marker);
            #private::end!(#lossy, #lossy_end);
        },
    }
    .items(channel)
}

fn implementation(channel: &Channel<'_>, events: &Events) -> TokenStream {
    let private = channel.krate.private();
    let (marker, producer, consumer) =
        (&channel.names.marker, &channel.names.producer, &channel.names.consumer);
    let event = events.event(&channel.krate);
    let carried = if events.event.is_some() {
        let checked = quote!(#private::check::Carried<#event, __MYELON_IS_EVENT>);
        let checked = associated("Event", &checked, event.clone());
        // Documentation shows the event, and not how it is checked.
        quote! {
            #[cfg(doc)]
            type Event = #event;
            #[cfg(not(doc))]
            #checked
        }
    } else {
        quote!(type Event = #event;)
    };
    let slots = match events.optimize {
        Optimize::Latency => quote!(#private::Stamped),
        Optimize::Throughput => quote!(#private::Dense),
        Optimize::Unsaid => {
            // rustdoc shows the source text at the place of a constant: the event.
            let place = event.into_iter().next().map_or_else(Span::call_site, |token| at(token.span()));
            let latency = quote_spanned!(place=> __MYELON_BY_SIZE);
            quote!(<#private::ByOptimize<#latency> as #private::Select>::Slots)
        }
    };
    let config = config::common(channel);
    quote! {
        #[automatically_derived]
        impl #private::Channel for #marker {
            #carried
            type Slots = #slots;
            type Producer = #producer;
            type Consumer = #consumer;
            const CONFIG: #private::ChannelConfig = #private::ChannelConfig {
                #config
            };
        }
    }
}

/// What the compiler evaluates where the channel is declared, so that mistakes show before it is used.
fn checks(channel: &Channel<'_>, events: &Events) -> TokenStream {
    let private = channel.krate.private();
    let (name, marker) = (&channel.name, &channel.names.marker);
    let mut checks = TokenStream::new();
    let carried = events.event(&channel.krate);
    if events.optimize == Optimize::Unsaid {
        let latency = quote!(#private::default_latency::<#carried>());
        checks.extend(quote!(const __MYELON_BY_SIZE: #private::core::primitive::bool = #latency;));
    }
    if let Some(event) = &events.event {
        let is_event = quote!(<#event as #private::check::Payload>::IS_EVENT);
        checks.extend(quote!(const __MYELON_IS_EVENT: #private::core::primitive::bool = #is_event;));
        let ask = call(quote!(#private::check::event::<#marker>), quote!(#name), event.clone());
        checks.extend(quote!(const _: () = #ask;));
    }
    checks
}
