//! The docs of the generated items.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;

use super::consumers;
use super::format::Format;
use super::model::{Carried, Channel, Events, Lane, Message, Optimize, Records};
use super::text;
use super::values::{Number, written_size};

/// The table of everything that was declared, and what one can do with it.
pub(crate) fn marker(channel: &Channel<'_>) -> String {
    let (producer, consumer) = (&channel.names.producer, &channel.names.consumer);
    let (what, declared) = match &channel.carried {
        Carried::Events(events) => ("event", of_events(channel, events)),
        Carried::Messages(records, message) => {
            ("message", format!("| message | {} |\n{}", of_message(message), of_records(channel, records)))
        }
        Carried::Kinds(records, _) => (
            "message",
            format!(
                "{}| evolves | {} |\n",
                of_records(channel, records),
                if records.evolves { "yes: consumers see kinds of newer builds as `Unknown`" } else { "no" }
            ),
        ),
    };
    let kinds = match &channel.carried {
        Carried::Kinds(_, lanes) => kinds(lanes),
        _ => String::new(),
    };
    format!(
        "\n\nA channel between processes: every consumer sees every {what}, in order. No value of this type exists; \
         [`create`](Self::create) makes the channel and its [`{producer}`], [`attach`](Self::attach) makes a \
         [`{consumer}`].\n\n\
         {kinds}\
         {declared_consumers}\
         | declared | |\n|---|---|\n\
         {declared}\
         | wait | {wait} |\n\
         | max_consumers | {consumers} |\n\
         | version | {version} |\n",
        declared_consumers = consumers::docs::table(channel),
        wait = channel.wait,
        consumers = number(&channel.max_consumers),
        version = number(&channel.version),
    )
}

pub(crate) fn producer(channel: &Channel<'_>) -> String {
    let marker = link(channel);
    let methods = match channel.carried {
        Carried::Kinds(..) => {
            "Each kind of message has a lane, the method of its name, and all methods that publish are there; the others \
             are those of the generic producer that this one dereferences to."
        }
        _ => "Its methods are those of the generic producer that it dereferences to.",
    };
    format!(
        "The producer of {marker}: one at a time, made by `create`.\n\n{methods} Dropping it ends the stream."
    )
}

pub(crate) fn consumer(channel: &Channel<'_>) -> String {
    let marker = link(channel);
    format!(
        "A consumer of {marker}, made by `attach` under an id of its own.\n\nIts methods are those of the generic \
         consumer that it dereferences to. Dropping it stops holding the producer back."
    )
}

pub(crate) fn lossy(channel: &Channel<'_>) -> String {
    format!(
        "A lossy consumer of {}, made by `lossy`: it holds nobody back, and is told how much it missed.\n\nIts methods are \
         those of the generic one that it dereferences to.",
        link(channel)
    )
}

/// The docs of the enum that a lease gives.
pub(crate) fn reference(channel: &Channel<'_>) -> String {
    format!(
        "One message of {}, where it lies: what a lease shows, to be matched on.\n\nIt borrows the lease, and costs nothing \
         to copy.",
        link(channel)
    )
}

/// The docs of the enum of owned values.
pub(crate) fn owned(channel: &Channel<'_>) -> String {
    format!(
        "One message of {}, to be kept: what `into_owned` and `to_owned` of a lease give.\n\nIt holds what its message does, and nothing of \
         the ring.",
        link(channel)
    )
}

/// The docs of one of its variants, after the user's own.
pub(crate) fn variant(lane: &Lane<'_>) -> String {
    format!("\n\nA message of the kind `{}`: {}.", lane.ident.unraw(), of_message(&lane.message))
}

/// The docs of a lane, after the user's own.
pub(crate) fn lane(lane: &Lane<'_>, number: &str) -> String {
    format!(
        "\n\nThe lane of `{}`: publishes messages of kind {number}, {}.",
        lane.ident.unraw(),
        of_message(&lane.message)
    )
}

fn of_events(channel: &Channel<'_>, events: &Events) -> String {
    let optimize = match events.optimize {
        Optimize::Latency => "latency",
        Optimize::Throughput => "throughput",
        Optimize::Unsaid => "by the size of the event",
    };
    format!(
        "| event | `{event}` |\n\
         | capacity | {capacity} events, unless `producer(..).capacity(n)` says otherwise |\n\
         | optimize | {optimize} |\n",
        event = in_table(&text::of(events.event(&channel.krate))),
        capacity = number(&channel.capacity),
    )
}

fn of_records(channel: &Channel<'_>, records: &Records) -> String {
    format!(
        "| capacity | {capacity}, unless `producer(..).capacity(bytes)` says otherwise |\n\
         | max_message | {longest} |\n\
         | optimize | {optimize} |\n\
         | timestamps | {timestamps} |\n",
        optimize = match records.optimize {
            Optimize::Latency => "latency",
            Optimize::Throughput => "throughput",
            Optimize::Unsaid => "latency while consumers keep up, else throughput",
        },
        capacity = size(&channel.capacity),
        longest = size(records.max_message.as_ref().unwrap_or(&channel.capacity)),
        timestamps = if records.timestamps { "yes" } else { "no" },
    )
}

fn kinds(lanes: &[Lane<'_>]) -> String {
    let rows: Vec<String> = lanes
        .iter()
        .enumerate()
        .map(|(kind, lane)| {
            let method = lane.method.as_ref().map_or_else(String::new, ToString::to_string);
            format!("| {kind} | `{}` | `{method}()` | {} |", lane.ident, of_message(&lane.message))
        })
        .collect();
    format!("| kind | | lane | message |\n|---|---|---|---|\n{}\n\n", rows.join("\n"))
}

fn of_message(message: &Message) -> String {
    let how = match &message.format {
        Format::Bytes => "bytes as they are".to_owned(),
        Format::Event => "a ring event, read in place".to_owned(),
        Format::Pod => "ring events, any number of them, read in place".to_owned(),
        Format::Rkyv => "archived by rkyv, read in place".to_owned(),
        Format::Flatbuffers => "a table of flatbuffers, read in place".to_owned(),
        Format::Postcard => "written by postcard, decoded".to_owned(),
        Format::Bincode => "written by bincode, decoded".to_owned(),
        Format::Codec(own) => format!("written by `{}`, decoded", in_table(&text::of(own.to_token_stream()))),
        Format::ZeroCopy(own) => {
            format!("written by `{}`, read in place", in_table(&text::of(own.to_token_stream())))
        }
    };
    format!("`{}`, {how}", in_table(&text::of(message.payload.to_token_stream())))
}

pub(crate) fn link(channel: &Channel<'_>) -> String {
    let (name, path) = (&channel.name, channel.names.marker.to_string());
    if *name == path { format!("[`{name}`]") } else { format!("[`{name}`]({path})") }
}

fn number(number: &Number) -> String {
    match number {
        Number::Literal(number) => number.to_string(),
        Number::Constant(expr) => constant(&expr.to_token_stream()),
    }
}

fn size(number: &Number) -> String {
    match number {
        Number::Literal(bytes) => written_size(u128::from(*bytes)),
        Number::Constant(expr) => format!("{} bytes", constant(&expr.to_token_stream())),
    }
}

pub(crate) fn constant(expr: &TokenStream) -> String {
    format!("`{}`", in_table(&expr.to_string().replace(" :: ", "::")))
}

/// A bar would begin the next column.
fn in_table(text: &str) -> String {
    text.replace('|', "\\|")
}
