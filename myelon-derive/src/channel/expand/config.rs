//! What both ends agree on: numbers and words, and the constants that the compiler checks.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use super::super::model::{Channel, Records};
use super::super::values::Number;
use crate::spans::call;

/// The fields that every channel has.
pub(super) fn common(channel: &Channel<'_>) -> TokenStream {
    let private = channel.krate.private();
    let name = &channel.name;
    let capacity = number(channel, &channel.capacity, "__MYELON_CAPACITY");
    let max_consumers = number(channel, &channel.max_consumers, "__MYELON_MAX_CONSUMERS");
    let version = number(channel, &channel.version, "");
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
        Some(max) => number(channel, max, "__MYELON_MAX_MESSAGE"),
        None => number(channel, &channel.capacity, "__MYELON_CAPACITY"),
    };
    let (timestamps, evolves) = (records.timestamps, records.evolves);
    quote! {
        #private::MessageConfig {
            #common
            max_message: #max_message,
            timestamps: #timestamps,
            evolves: #evolves,
        }
    }
}

/// The constants of the channel, so that a number that is none of a ring's shows where it is declared.
/// `capacity` is the function that checks that one.
pub(super) fn checks(channel: &Channel<'_>, capacity: &str) -> TokenStream {
    let mut checks = check(channel, &channel.capacity, "__MYELON_CAPACITY", capacity, "u64");
    checks.extend(check(channel, &channel.max_consumers, "__MYELON_MAX_CONSUMERS", "max_consumers", "u32"));
    checks
}

/// The same for the length of messages.
pub(super) fn record_checks(channel: &Channel<'_>, records: &Records) -> TokenStream {
    let mut checks = checks(channel, "message_capacity");
    if let Some(max) = &records.max_message {
        checks.extend(check(channel, max, "__MYELON_MAX_MESSAGE", "max_message", "u64"));
    }
    checks
}

fn check(channel: &Channel<'_>, number: &Number, constant: &str, function: &str, ty: &str) -> TokenStream {
    let Number::Constant(expr) = number else { return TokenStream::new() };
    let private = channel.krate.private();
    let name = &channel.name;
    let [constant, function, ty] = [constant, function, ty].map(|name| Ident::new(name, Span::call_site()));
    let value = quote!(#name, (#expr) as #private::core::primitive::u64);
    let ask = call(quote!(#private::check::#function), value, expr.to_token_stream());
    quote!(const #constant: #private::core::primitive::#ty = #ask;)
}

/// A number; one that only the compiler knows has a constant of its own, see [`check`].
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
