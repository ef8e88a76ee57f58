//! The docs of the generated items.

use quote::ToTokens;

use super::model::{Channel, Optimize};
use super::options::Number;

/// The table of everything that was declared, and what one can do with it.
pub(crate) fn marker(channel: &Channel<'_>) -> String {
    let (producer, consumer) = (&channel.names.producer, &channel.names.consumer);
    let optimize = match channel.optimize {
        Optimize::Latency => "latency",
        Optimize::Throughput => "throughput",
        Optimize::BySize => "by the size of the event",
    };
    format!(
        "\n\nA channel between processes: every consumer sees every event, in order. No value of this type exists; \
         [`create`](Self::create) makes the channel and its [`{producer}`], [`attach`](Self::attach) makes a \
         [`{consumer}`].\n\n\
         | declared | |\n|---|---|\n\
         | event | `{event}` |\n\
         | capacity | {capacity} events, unless `producer(..).capacity(n)` says otherwise |\n\
         | optimize | {optimize} |\n\
         | wait | {wait} |\n\
         | max_consumers | {consumers} |\n\
         | version | {version} |\n",
        event = readable(&channel.event()),
        capacity = number(&channel.capacity),
        wait = channel.wait,
        consumers = number(&channel.max_consumers),
        version = number(&channel.version),
    )
}

pub(crate) fn producer(channel: &Channel<'_>) -> String {
    let marker = link(channel);
    format!(
        "The producer of {marker}: one at a time, made by `create`.\n\nIts methods are those of the generic producer \
         that it dereferences to. Dropping it ends the stream."
    )
}

pub(crate) fn consumer(channel: &Channel<'_>) -> String {
    let marker = link(channel);
    format!(
        "A consumer of {marker}, made by `attach` under an id of its own.\n\nIts methods are those of the generic \
         consumer that it dereferences to. Dropping it stops holding the producer back."
    )
}

fn link(channel: &Channel<'_>) -> String {
    let (name, path) = (&channel.name, channel.names.marker.to_string());
    if *name == path { format!("[`{name}`]") } else { format!("[`{name}`]({path})") }
}

fn number(number: &Number) -> String {
    match number {
        Number::Literal(number) => number.to_string(),
        Number::Constant(expr) => format!("`{}`", readable(&expr.to_token_stream())),
    }
}

/// Tokens as a person writes them, good enough for a table.
fn readable(tokens: &proc_macro2::TokenStream) -> String {
    let text = tokens.to_string();
    [(" :: ", "::"), (" < ", "<"), (" >", ">"), (" ;", ";"), ("< ", "<"), ("& ", "&"), ("|", "\\|")]
        .into_iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}
