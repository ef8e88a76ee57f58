//! Options into values: what exists, for which channels, what may be written, and what is planned.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::Parser;

use super::args::{Arg, Args, Given};
use super::consumers::{self, Consumer};
use super::format::{Chosen, Key, Place};
use super::item::Carries;
use super::values::{Number, OPTIMIZE, Range, WAITS, number, truth, word};
use crate::diag::{Errors, nearest, one_of};
use crate::path::CratePath;

pub(crate) const KNOWN: [&str; 14] = [
    "capacity",
    "optimize",
    "wait",
    "max_consumers",
    "version",
    "crate",
    "codec",
    "zero_copy",
    "max_message",
    "timestamps",
    "evolves",
    "owned",
    "consumers",
    "declared_only",
];

/// Options that there will be.
const PLANNED: [(&str, &str); 2] =
    [("after", "pipelines of consumers"), ("producers", "several producers on one channel")];

/// What the attribute said; what was wrong is left out.
#[allow(clippy::struct_excessive_bools, reason = "options that are there or not, each by itself")]
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) capacity: Option<Number>,
    pub(crate) optimize: Option<&'static str>,
    pub(crate) wait: Option<&'static str>,
    pub(crate) max_consumers: Option<Number>,
    pub(crate) version: Option<Number>,
    pub(crate) krate: CratePath,
    pub(crate) chosen: Option<Chosen>,
    /// `codec` or `zero_copy` said something that was refused.
    pub(crate) unclear: bool,
    pub(crate) max_message: Option<Number>,
    pub(crate) timestamps: bool,
    pub(crate) evolves: bool,
    pub(crate) owned: bool,
    /// `None` if there was no word of them.
    pub(crate) consumers: Option<Vec<Consumer>>,
    pub(crate) declared_only: bool,
}

impl Options {
    pub(crate) fn of(args: &Args, carries: Carries, errors: &mut Errors) -> Self {
        let mut options = Self::default();
        let mut seen: Vec<String> = Vec::new();
        for arg in &args.args {
            let key = arg.key.unraw().to_string();
            if !KNOWN.contains(&key.as_str()) {
                errors.at(arg.key.span(), unknown(&key));
            } else if seen.contains(&key) {
                errors.at(arg.key.span(), format!("option `{key}` is given twice; remove one"));
            } else if let Some(text) = misplaced(&key, arg, carries) {
                errors.at(arg.key.span(), text);
            } else if key == "zero_copy" && seen.iter().any(|key| key == "codec")
                || key == "codec" && seen.iter().any(|key| key == "zero_copy")
            {
                errors.at(
                    arg.key.span(),
                    "messages are decoded (`codec`) or read in place (`zero_copy`), not both; remove one",
                );
            } else if key == "consumers" {
                options.consumers = Some(consumers::parse(arg, errors));
            } else if let Err(error) = options.set(&key, arg, carries) {
                errors.push(error);
                options.unclear |= key == "codec" || key == "zero_copy";
            }
            seen.push(key);
        }
        let attempted = |option| args.broken || seen.iter().any(|key| nearest(key, [option]).is_some());
        if let Some(only) = args.args.iter().find(|arg| arg.key == "declared_only") {
            if options.declared_only && !attempted("consumers") {
                errors.at(
                    only.key.span(),
                    "with `declared_only` and nobody declared nobody could attach: add `consumers(journal(required))`, \
                     with those that may, or remove it",
                );
            }
        }
        consumers::check(&options, errors);
        if !attempted("capacity") {
            errors.at(
                Span::call_site(),
                if carries == Carries::Events {
                    "a channel needs a capacity, in events: `#[myelon::channel(capacity = 65_536)]`"
                } else {
                    "a channel of messages needs a capacity, in bytes: `#[myelon::channel(capacity = \"4 MiB\")]`"
                },
            );
        }
        options
    }

    fn set(&mut self, key: &str, arg: &Arg, carries: Carries) -> syn::Result<()> {
        let example = example(key, carries);
        if key == "declared_only" && matches!(arg.given, Given::Nothing) {
            self.declared_only = true;
            return Ok(());
        }
        let Some(value) = arg.value().cloned().filter(|value| !value.is_empty()) else {
            return Err(syn::Error::new(
                arg.key.span(),
                format!("option `{key}` needs a value: `{example}`"),
            ));
        };
        let number = |range| number(&value, key, example, range).map(Some);
        let capacity = if carries == Carries::Events { Range::Events } else { Range::Bytes };
        match key {
            "capacity" => self.capacity = number(capacity)?,
            "max_message" => self.max_message = number(Range::Length)?,
            "max_consumers" => self.max_consumers = number(Range::Consumers)?,
            "version" => self.version = number(Range::Any)?,
            "optimize" => self.optimize = Some(word(&value, key, &OPTIMIZE)?),
            "wait" => self.wait = Some(word(&value, key, &WAITS)?),
            "timestamps" => self.timestamps = truth(&value, key)?,
            "evolves" => self.evolves = truth(&value, key)?,
            "owned" => self.owned = truth(&value, key)?,
            "declared_only" => self.declared_only = truth(&value, key)?,
            "codec" => self.chosen = Some(Chosen::parse(Key::Codec, value, Place::Channel)?),
            "zero_copy" => self.chosen = Some(Chosen::parse(Key::ZeroCopy, value, Place::Channel)?),
            _ => self.krate = CratePath::parse.parse2(value)?,
        }
        Ok(())
    }
}

fn example(key: &str, carries: Carries) -> &'static str {
    match key {
        "capacity" if carries == Carries::Events => "capacity = 65_536",
        "capacity" => "capacity = \"4 MiB\"",
        "optimize" => "optimize = latency",
        "wait" => "wait = adaptive",
        "max_consumers" => "max_consumers = 16",
        "version" => "version = 1",
        "codec" => "codec = postcard",
        "zero_copy" => "zero_copy = rkyv",
        "max_message" => "max_message = \"64 MiB\"",
        "timestamps" => "timestamps = true",
        "evolves" => "evolves = true",
        "owned" => "owned = true",
        "declared_only" => "declared_only = true",
        _ => "crate = path::to::myelon",
    }
}

/// Why an option means nothing on this kind of channel.
fn misplaced(key: &str, arg: &Arg, carries: Carries) -> Option<String> {
    const MESSAGES: &str =
        "is for channels of messages: `struct Log([u8]);`, an enum, or with `codec` or `zero_copy`";
    match (key, carries) {
        ("max_message", Carries::Events) => {
            Some(format!("`max_message` {MESSAGES}; an event always has the size of its type"))
        }
        ("timestamps", Carries::Events) => {
            Some(format!("`timestamps` {MESSAGES}; give the event a field for it, such as `ts_ns: u64`"))
        }
        ("evolves", Carries::Events | Carries::Messages) => Some(
            "`evolves` is for channels of several kinds of messages, declared as an enum: it is about kinds that are \
             added later; remove it"
                .to_owned(),
        ),
        ("owned", Carries::Events | Carries::Messages) => Some(
            "`owned` is for channels of several kinds of messages, declared as an enum: it is for another enum, of owned \
             values; of one kind a lease gives them as it is; remove it"
                .to_owned(),
        ),
        ("codec" | "zero_copy", Carries::Kinds) => {
            let value = arg.value().map_or_else(|| "..".to_owned(), ToString::to_string);
            Some(format!(
                "each kind of message says for itself how it is written: put `#[{key}({value})]` on its variant"
            ))
        }
        _ => None,
    }
}

/// What is said of an option that there is not.
pub(crate) fn unknown(key: &str) -> String {
    if let Some(meant) = nearest(key, KNOWN) {
        return format!("unknown channel option `{key}`; did you mean `{meant}`?");
    }
    let planned = nearest(key, PLANNED.iter().map(|(name, _)| *name));
    match PLANNED.iter().find(|(name, _)| Some(*name) == planned) {
        Some((name, what)) => format!("`{name}` is planned, for {what}, and not there yet; remove it"),
        None => {
            format!("unknown channel option `{key}`; there are {}", one_of(KNOWN).replace(" or ", " and "))
        }
    }
}
