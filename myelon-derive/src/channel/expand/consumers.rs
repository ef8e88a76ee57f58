//! Declared consumers: the enum of their ids, functions that are called after them, and what is expected of them.

use core::time::Duration;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::super::consumers::{Consumer, OnDeath, Policy, Role, docs};
use super::super::model::Channel;
use super::super::values::{Number, Time};
use super::repeated;
use crate::spans::{at, call, parentheses, respan};

/// What the marker's `impl Declared` says of them, in braces.
pub(super) fn declared(channel: &Channel<'_>) -> TokenStream {
    if channel.names.ids.is_none() {
        return quote!({});
    }
    let private = channel.krate.private();
    let consumers = channel.consumers.iter().enumerate().map(|(index, consumer)| {
        let (id, role) = (&consumer.id, role(channel, index, &consumer.role));
        quote!(#private::DeclaredConsumer::new(#id, #role))
    });
    let only = channel.declared_only;
    quote!({
        const CONSUMERS: &'static [#private::DeclaredConsumer] = &[#(#consumers),*];
        const DECLARED_ONLY: #private::core::primitive::bool = #only;
    })
}

/// What stands beside the ends: the enum of ids, and the end of those that are lossy.
pub(super) fn beside(channel: &Channel<'_>) -> TokenStream {
    let Some(ids) = &channel.names.ids else { return TokenStream::new() };
    let private = channel.krate.private();
    let vis = channel.vis;
    let others = repeated(channel);
    let enum_docs = docs::ids(channel);
    let variants = channel.consumers.iter().map(|consumer| {
        let (variant, docs) = (&consumer.names.variant, docs::variant(consumer));
        quote!(#[doc = #docs] #variant)
    });
    quote! {
        #(#others)*
        #[doc = #enum_docs]
        #[derive(
            #private::core::clone::Clone,
            #private::core::marker::Copy,
            #private::core::fmt::Debug,
            #private::core::cmp::PartialEq,
            #private::core::cmp::Eq,
            #private::core::cmp::PartialOrd,
            #private::core::cmp::Ord,
            #private::core::hash::Hash,
        )]
        #vis enum #ids {
            #(#variants,)*
        }
    }
}

/// What is inside the block that nobody can name.
pub(super) fn inside(channel: &Channel<'_>) -> TokenStream {
    let Some(ids) = &channel.names.ids else { return TokenStream::new() };
    let private = channel.krate.private();
    let (vis, (marker, _, reliable, lossy)) = (channel.vis, channel.names.ends());
    let mut inside = room(channel);
    for (index, consumer) in channel.consumers.iter().enumerate() {
        inside.extend(constants(channel, index, consumer));
    }
    let pairs = channel.consumers.iter().map(|consumer| {
        let (variant, id) = (&consumer.names.variant, &consumer.id);
        quote!(#variant = #id)
    });
    let functions = channel.consumers.iter().map(|consumer| {
        let (id, names) = (&consumer.id, &consumer.names);
        let (attach, builder) = (&names.attach, &names.builder);
        let (attach_docs, builder_docs) = (docs::attach(consumer), docs::builder(consumer));
        // At the id, so that the compiler shows it where the user has a function of that name.
        let place = at(consumer.place);
        let (end, of) = if consumer.role.is_lossy() {
            (lossy, quote!(LossyBuilder()))
        } else {
            (reliable, quote!(ConsumerBuilder(#id)))
        };
        let call = respan(quote!(#private::declared_consumer!), place);
        let arguments = parentheses(
            quote!(#marker, #vis, #end, #attach, #builder, #of, #attach_docs, #builder_docs),
            place,
        );
        quote!(#call #arguments;)
    });
    quote! {
        #inside
        #private::consumer_ids!(#ids, #vis, #marker, #(#pairs),*);
        #(#functions)*
    }
}

fn role(channel: &Channel<'_>, index: usize, role: &Role) -> TokenStream {
    let private = channel.krate.private();
    match role {
        Role::Reliable => quote!(#private::Role::Reliable),
        Role::Lossy => quote!(#private::Role::Lossy),
        Role::Required(policy) => {
            let required = required(channel, index, policy);
            quote!(#private::Role::Required(#required))
        }
    }
}

fn required(channel: &Channel<'_>, index: usize, policy: &Policy) -> TokenStream {
    let private = channel.krate.private();
    let times = times(policy).into_iter().filter(|(name, _)| *name != "wait").map(|(name, time)| {
        let (function, time) = (Ident::new(name, Span::call_site()), duration(channel, index, name, time));
        quote!(.#function(#time))
    });
    let on_failure = policy.on_failure.map(|word| {
        let word = match word {
            "shutdown" => quote!(Shutdown),
            "alert_only" => quote!(AlertOnly),
            _ => quote!(Block),
        };
        quote!(.on_failure(#private::OnFailure::#word))
    });
    let loss = |word: &str| {
        if word == "evict" { quote!(#private::Loss::Evict) } else { quote!(#private::Loss::Shutdown) }
    };
    let on_death = policy.on_death.as_ref().map(|on_death| {
        let on_death = match on_death {
            OnDeath::At(word) => {
                let loss = loss(word);
                quote!(#private::OnDeath::At(#loss))
            }
            OnDeath::Wait(time, then) => {
                let then = loss(then);
                let time = if let Some(time) = time {
                    let time = duration(channel, index, "wait", time);
                    quote!(#private::core::option::Option::Some(#time))
                } else {
                    quote!(#private::core::option::Option::None)
                };
                quote!(#private::OnDeath::Wait { time: #time, then: #then })
            }
        };
        quote!(.on_death(#on_death))
    });
    quote!(#private::Required::DEFAULT #(#times)* #on_failure #on_death)
}

/// Every time of a policy, with the name that it is given by.
fn times(policy: &Policy) -> Vec<(&'static str, &Time)> {
    let wait = match &policy.on_death {
        Some(OnDeath::Wait(time, _)) => time.as_ref(),
        _ => None,
    };
    let all = [
        ("startup", policy.startup.as_ref()),
        ("stall", policy.stall.as_ref()),
        ("grace", policy.grace.as_ref()),
        ("check", policy.check.as_ref()),
        ("wait", wait),
    ];
    all.into_iter().filter_map(|(name, time)| Some((name, time?))).collect()
}

fn duration(channel: &Channel<'_>, index: usize, name: &str, time: &Time) -> TokenStream {
    let private = channel.krate.private();
    let Time::Literal(time) = time else { return constant(index, name).into_token_stream() };
    let (function, number) = in_unit(*time);
    let (function, number) = (Ident::new(function, Span::call_site()), Literal::u64_unsuffixed(number));
    quote!(#private::core::time::Duration::#function(#number))
}

/// The function that makes the time of the fewest digits.
fn in_unit(time: Duration) -> (&'static str, u64) {
    let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    [("from_secs", 1_000_000_000), ("from_millis", 1_000_000), ("from_micros", 1_000)]
        .into_iter()
        .find(|(_, unit)| nanos % unit == 0)
        .map_or(("from_nanos", nanos), |(function, unit)| (function, nanos / unit))
}

fn constant(index: usize, name: &str) -> Ident {
    format_ident!("__MYELON_{}{index}", name.to_uppercase())
}

/// The times that only the compiler knows, once each, so that one of another type is told once; and what it checks of them.
fn constants(channel: &Channel<'_>, index: usize, consumer: &Consumer) -> TokenStream {
    let private = channel.krate.private();
    let Role::Required(policy) = &consumer.role else { return TokenStream::new() };
    let mut constants = TokenStream::new();
    for (name, time) in times(policy) {
        let Time::Constant(expr) = time else { continue };
        let constant = constant(index, name);
        let place =
            expr.to_token_stream().into_iter().next().map_or_else(Span::call_site, |token| token.span());
        // No path of ours at the user's place: its type is what the compiler speaks of there.
        let ty = respan(quote!(#private::core::time::Duration), place);
        constants.extend(quote!(const #constant: #ty = #expr;));
        // Without a grace it follows at once, which is what some want.
        if name != "grace" {
            let (channel, id) = (&channel.name, &consumer.id);
            let ask = call(
                quote!(#private::check::time),
                quote!(#channel, #id, #name, #constant),
                expr.to_token_stream(),
            );
            constants.extend(quote!(const _: () = #ask;));
        }
    }
    constants.extend(order(channel, index, consumer, policy));
    constants
}

/// Whether what is to be found is looked for often enough, if only the compiler knows one of the times.
fn order(channel: &Channel<'_>, index: usize, consumer: &Consumer, policy: &Policy) -> TokenStream {
    let private = channel.krate.private();
    let Some(check) = &policy.check else { return TokenStream::new() };
    let mut checks = TokenStream::new();
    for (name, time) in
        times(policy).into_iter().filter(|(name, _)| ["startup", "stall", "wait"].contains(name))
    {
        let ((Time::Constant(place), _) | (_, Time::Constant(place))) = (check, time) else { continue };
        let (channel_name, id) = (&channel.name, &consumer.id);
        let [check, time] =
            [("check", check), (name, time)].map(|(name, time)| duration(channel, index, name, time));
        let arguments = quote!(#channel_name, #id, #check, #name, #time);
        let ask = call(quote!(#private::check::no_longer), arguments, place.to_token_stream());
        checks.extend(quote!(const _: () = #ask;));
    }
    checks
}

/// Whether there is room for all that are required, if only the compiler knows how much there is.
fn room(channel: &Channel<'_>) -> TokenStream {
    let Number::Constant(expr) = &channel.max_consumers else { return TokenStream::new() };
    let private = channel.krate.private();
    let name = &channel.name;
    let required = channel.consumers.iter().filter(|consumer| consumer.is_required()).count();
    if required == 0 {
        return TokenStream::new();
    }
    let required = Literal::usize_unsuffixed(required);
    let value = quote!(#name, #required, (#expr) as #private::core::primitive::u64);
    let ask = call(quote!(#private::check::required_consumers), value, expr.to_token_stream());
    quote!(const _: () = #ask;)
}
