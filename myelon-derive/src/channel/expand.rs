//! The model into items. Cannot fail. What has behaviour stands in the runtime; here are only declarations.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::docs;
use super::model::{Channel, Optimize};
use super::options::Number;
use crate::attributes;
use crate::spans::{at, call, parentheses};

pub(crate) fn expand(channel: &Channel<'_>) -> TokenStream {
    let private = channel.krate.private();
    let vis = channel.vis;
    let (marker, producer, consumer) =
        (&channel.names.marker, &channel.names.producer, &channel.names.consumer);
    let first = &channel.attributes;
    let others: Vec<TokenStream> =
        first.iter().filter_map(|attribute| attributes::repeated(attribute)).collect();
    let (marker_docs, producer_docs, consumer_docs) =
        (docs::marker(channel), docs::producer(channel), docs::consumer(channel));
    let end = |end: &str| {
        let end = Ident::new(end, Span::call_site());
        quote! {
            #private::#end<
                <#marker as #private::Channel>::Event,
                <#marker as #private::Channel>::Slots,
            >
        }
    };
    let (inner_producer, inner_consumer) = (end("Producer"), end("Consumer"));
    let implementation = implementation(channel);
    let checks = checks(channel);
    // At the user's name, so that the compiler shows it where another item has one of these names.
    let place = marker.span();
    let marker_item = quote_spanned!(place=> enum #marker {});
    let newtype = |name: &Ident, inner: TokenStream| {
        let fields = parentheses(inner, place);
        quote_spanned!(place=> struct #name #fields;)
    };
    let producer_item = newtype(producer, inner_producer);
    let consumer_item = newtype(consumer, inner_consumer);
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
        const _: () = {
            #checks
            #implementation
            #private::marker!(#marker, #vis, #producer, #consumer);
            #private::producer!(#producer, #vis, #marker);
            #private::consumer!(#consumer, #vis, #marker);
        };
    }
}

fn implementation(channel: &Channel<'_>) -> TokenStream {
    let private = channel.krate.private();
    let (marker, producer, consumer) =
        (&channel.names.marker, &channel.names.producer, &channel.names.consumer);
    let (name, event) = (&channel.name, channel.event());
    let carried = if channel.event.is_some() {
        // Documentation shows the event, and not how it is checked.
        quote! {
            #[cfg(doc)]
            type Event = #event;
            #[cfg(not(doc))]
            type Event = #private::check::Carried<#event, __MYELON_IS_EVENT>;
        }
    } else {
        quote!(type Event = #event;)
    };
    let slots = match channel.optimize {
        Optimize::Latency => quote!(#private::Stamped),
        Optimize::Throughput => quote!(#private::Dense),
        Optimize::BySize => {
            // rustdoc shows the source text at the place of a constant: the event.
            let place =
                event.clone().into_iter().next().map_or_else(Span::call_site, |token| at(token.span()));
            let latency = quote_spanned!(place=> __MYELON_BY_SIZE);
            quote!(<#private::ByOptimize<#latency> as #private::Select>::Slots)
        }
    };
    let wait = Ident::new(
        match channel.wait {
            "spin" => "Spin",
            "yield" => "Yield",
            "park" => "Park",
            _ => "Adaptive",
        },
        Span::call_site(),
    );
    let capacity = number(channel, &channel.capacity, "__MYELON_CAPACITY");
    let max_consumers = number(channel, &channel.max_consumers, "__MYELON_MAX_CONSUMERS");
    let version = number(channel, &channel.version, "");
    quote! {
        #[automatically_derived]
        impl #private::Channel for #marker {
            #carried
            type Slots = #slots;
            type Producer = #producer;
            type Consumer = #consumer;
            const CONFIG: #private::ChannelConfig = #private::ChannelConfig {
                name: #name,
                capacity: #capacity,
                max_consumers: #max_consumers,
                version: #version,
                wait: #private::WaitStrategy::#wait,
            };
        }
    }
}

/// A number; one that only the compiler knows has a constant of its own, see [`checks`].
fn number(channel: &Channel<'_>, number: &Number, constant: &str) -> TokenStream {
    let private = channel.krate.private();
    match number {
        Number::Literal(literal) => {
            let literal = proc_macro2::Literal::u64_unsuffixed(*literal);
            quote!(#literal)
        }
        Number::Constant(expr) if constant.is_empty() => quote!((#expr) as #private::core::primitive::u64),
        Number::Constant(_) => {
            let constant = Ident::new(constant, Span::call_site());
            quote!(#constant)
        }
    }
}

/// What the compiler evaluates where the channel is declared, so that mistakes show before it is used.
fn checks(channel: &Channel<'_>) -> TokenStream {
    let private = channel.krate.private();
    let name = &channel.name;
    let mut checks = TokenStream::new();
    if let Number::Constant(expr) = &channel.capacity {
        let value = quote!(#name, (#expr) as #private::core::primitive::u64);
        let ask = call(quote!(#private::check::capacity), value, expr.to_token_stream());
        checks.extend(quote!(const __MYELON_CAPACITY: #private::core::primitive::u64 = #ask;));
    }
    if let Number::Constant(expr) = &channel.max_consumers {
        let value = quote!(#name, (#expr) as #private::core::primitive::u64);
        let ask = call(quote!(#private::check::max_consumers), value, expr.to_token_stream());
        checks.extend(quote!(const __MYELON_MAX_CONSUMERS: #private::core::primitive::u32 = #ask;));
    }
    let carried = channel.event();
    if channel.optimize == Optimize::BySize {
        let latency = quote!(#private::default_latency::<#carried>());
        checks.extend(quote!(const __MYELON_BY_SIZE: #private::core::primitive::bool = #latency;));
    }
    if let Some(event) = &channel.event {
        let marker = &channel.names.marker;
        let is_event = quote!(<#event as #private::check::Payload>::IS_EVENT);
        checks.extend(quote!(const __MYELON_IS_EVENT: #private::core::primitive::bool = #is_event;));
        let ask = call(quote!(#private::check::event::<#marker>), quote!(#name), event.clone());
        checks.extend(quote!(const _: () = #ask;));
    }
    checks
}
