//! The docs of what is called after declared consumers.

use quote::ToTokens;

use super::{Consumer, OnDeath, Policy, Role};
use crate::channel::docs::{constant, link};
use crate::channel::model::Channel;
use crate::channel::values::{Time, written_time};

/// The rows of the marker's table.
pub(crate) fn table(channel: &Channel<'_>) -> String {
    if channel.names.ids.is_none() {
        return String::new();
    }
    let rows: Vec<String> = channel
        .consumers
        .iter()
        .map(|consumer| {
            let attach = &consumer.names.attach;
            format!("| `{}` | [`{attach}`](Self::{attach}) | {} |", consumer.id, role(&consumer.role))
        })
        .collect();
    let others = if channel.declared_only { "Nobody else may attach." } else { "Others may attach as well." };
    format!("| consumer | attached by | |\n|---|---|---|\n{}\n\n{others}\n\n", rows.join("\n"))
}

/// The docs of the enum of ids.
pub(crate) fn ids(channel: &Channel<'_>) -> String {
    let others = if channel.declared_only { "" } else { " Others may be attached, and are none of these." };
    format!(
        "A declared consumer of {}: what an id in an error or an alert is parsed into.{others}",
        link(channel)
    )
}

/// The docs of one of its variants.
pub(crate) fn variant(consumer: &Consumer) -> String {
    format!("The consumer `{}`: {}.", consumer.id, role(&consumer.role))
}

/// The docs of the function that attaches it.
pub(crate) fn attach(consumer: &Consumer) -> String {
    let start = match consumer.role {
        Role::Required(_) => {
            "It resumes where it stopped; the first time that is with the first event since the channel expected it."
        }
        Role::Reliable => {
            "The first time it starts with what is published next; after that it resumes where it stopped."
        }
        Role::Lossy => "It starts with what is published next.",
    };
    format!(
        "Attaches to the channel at `at` as the consumer `{}`: {}.\n\n{start} [`{builder}`](Self::{builder}) has what can be \
         chosen when the program runs, of which this is the short form.\n\n# Errors\nSee `AttachError`.",
        consumer.id,
        role(&consumer.role),
        builder = consumer.names.builder,
    )
}

/// The docs of the function that gives its builder.
pub(crate) fn builder(consumer: &Consumer) -> String {
    format!("Everything that can be chosen about the consumer `{}` when the program runs.", consumer.id)
}

fn role(role: &Role) -> String {
    match role {
        Role::Reliable => "holds the producer back while it is attached and alive".to_owned(),
        Role::Lossy => "lossy, holds nobody back and may miss something".to_owned(),
        Role::Required(policy) => required(policy),
    }
}

fn required(policy: &Policy) -> String {
    let mut all = vec!["required, attached or not".to_owned()];
    all.extend(policy.startup.as_ref().map(|time| format!("must attach within {}", told(time))));
    if let Some(stall) = &policy.stall {
        let then = match policy.on_failure {
            Some("shutdown") => "the channel is shut down",
            Some("alert_only") => "told once",
            _ => "told again and again",
        };
        let grace = policy
            .grace
            .as_ref()
            .map_or_else(String::new, |grace| format!("and {} after that ", told(grace)));
        all.push(format!("stalled after {}, {grace}{then}", told(stall)));
    }
    all.extend(policy.on_death.as_ref().map(|on_death| {
        let loss = |word: &str| if word == "evict" { "let go" } else { "the end of the channel" };
        match on_death {
            OnDeath::At(word) => format!("dead it is {}", loss(word)),
            OnDeath::Wait(None, _) => "dead it is waited for".to_owned(),
            OnDeath::Wait(Some(time), then) => {
                format!("dead it is waited for {}, then it is {}", told(time), loss(then))
            }
        }
    }));
    all.extend(policy.check.as_ref().map(|time| format!("looked for every {}", told(time))));
    all.join("; ")
}

fn told(time: &Time) -> String {
    match time {
        Time::Literal(time) => written_time(*time),
        Time::Constant(expr) => constant(&expr.to_token_stream()),
    }
}
