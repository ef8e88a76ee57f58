//! What both ends agree on: numbers and words, and what the compiler checks of them.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};

use super::super::model::{Channel, Optimize, Records};
use super::super::values::Number;
use crate::spans::call;

/// The fields that every channel has.
pub(super) fn common(channel: &Channel<'_>) -> TokenStream {
    let private = channel.krate.private();
    let name = &channel.name;
    let capacity = number(channel, &channel.capacity, "u64");
    let max_consumers = number(channel, &channel.max_consumers, "u32");
    let version = number(channel, &channel.version, "u64");
    let wait = Ident::new(
        match channel.wait {
            "spin" => "Spin",
            "yield" => "Yield",
            "park" => "Park",
            _ => "Adaptive",
        },
        Span::call_site(),
    );
    quote! {
        name: #name,
        capacity: #capacity,
        max_consumers: #max_consumers,
        version: #version,
        wait: #private::WaitStrategy::#wait,
    }
}

/// The fields of a channel of messages.
pub(super) fn records(channel: &Channel<'_>, records: &Records) -> TokenStream {
    let private = channel.krate.private();
    let common = common(channel);
    let max_message = match &records.max_message {
        Some(max) => number(channel, max, "u64"),
        None => number(channel, &channel.capacity, "u64"),
    };
    let Records { timestamps, evolves, .. } = records;
    let packing = match records.optimize {
        Optimize::Latency => quote!(Spaced),
        Optimize::Throughput => quote!(Dense),
        Optimize::Unsaid => quote!(Adaptive),
    };
    quote! {
        #private::MessageConfig {
            #common
            max_message: #max_message,
            packing: #private::Packing::#packing,
            timestamps: #timestamps,
            evolves: #evolves,
        }
    }
}

/// What the compiler evaluates, so that a number that is none of a ring's shows where it is declared. `capacity` is the
/// function that checks that one.
pub(super) fn checks(channel: &Channel<'_>, capacity: &str) -> TokenStream {
    let mut checks = check(channel, &channel.capacity, capacity);
    checks.extend(check(channel, &channel.max_consumers, "max_consumers"));
    checks
}

/// The same for a channel of messages.
pub(super) fn record_checks(channel: &Channel<'_>, records: &Records) -> TokenStream {
    let mut checks = checks(channel, "message_capacity");
    checks.extend(records.max_message.as_ref().map(|max| check(channel, max, "max_message")));
    checks
}

fn check(channel: &Channel<'_>, number: &Number, function: &str) -> TokenStream {
    let Number::Constant(expr) = number else { return TokenStream::new() };
    let private = channel.krate.private();
    let name = &channel.name;
    let function = Ident::new(function, Span::call_site());
    let value = quote!(#name, (#expr) as #private::core::primitive::u64);
    let ask = call(quote!(#private::check::#function), value, expr.to_token_stream());
    quote!(const _: () = #ask;)
}

/// A number. One that only the compiler knows is checked beside, so that what uses it is not wrong as well.
fn number(channel: &Channel<'_>, number: &Number, ty: &str) -> TokenStream {
    let private = channel.krate.private();
    match number {
        Number::Literal(literal) => Literal::u64_unsuffixed(*literal).to_token_stream(),
        Number::Constant(expr) => {
            let ty = Ident::new(ty, Span::call_site());
            quote!((#expr) as #private::core::primitive::#ty)
        }
    }
}
