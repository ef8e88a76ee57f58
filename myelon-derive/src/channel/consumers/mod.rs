//! `consumers(journal(required), dash(lossy), ..)`: who is declared, and what is expected of each.

pub(crate) mod docs;
mod names;
mod policy;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;

use super::args::{Arg, Given, pieces};
use super::options::{self, Options};
use super::values::{MAX_CONSUMERS, Number};
use crate::diag::{Errors, nearest};

pub(crate) use names::Names;
pub(crate) use policy::{OnDeath, Policy};

const EXAMPLE: &str = "`consumers(journal(required), dash(lossy))`";
const ROLES: [&str; 2] = ["required", "lossy"];
/// As the runtime has room for it.
const LONGEST_ID: usize = 64;

/// A consumer that is declared.
pub(crate) struct Consumer {
    /// Where it is declared.
    pub(crate) place: Span,
    pub(crate) id: String,
    pub(crate) names: Names,
    pub(crate) role: Role,
}

/// What is expected of it.
pub(crate) enum Role {
    Reliable,
    Required(Policy),
    Lossy,
}

impl Role {
    pub(crate) fn is_lossy(&self) -> bool {
        matches!(self, Self::Lossy)
    }
}

/// What stands after `consumers`.
pub(crate) fn parse(arg: &Arg, errors: &mut Errors) -> Vec<Consumer> {
    let mut consumers = Vec::new();
    let list = match &arg.given {
        Given::List(list) if !list.stream().is_empty() => list.stream(),
        Given::List(_) => {
            errors.at(arg.key.span(), format!("`consumers` names nobody: {EXAMPLE}"));
            return consumers;
        }
        Given::Value(value) => {
            let written =
                inside(value).map_or_else(|| EXAMPLE.to_owned(), |list| format!("`consumers({list})`"));
            errors.at(arg.key.span(), format!("write it without `=`, in parentheses: {written}"));
            inside(value).unwrap_or_default()
        }
        Given::Nothing => {
            errors.at(arg.key.span(), format!("`consumers` needs those that it declares: {EXAMPLE}"));
            return consumers;
        }
    };
    for piece in pieces(list) {
        match piece {
            Ok(arg) => consumers.extend(consumer(&arg, &consumers, errors)),
            Err(tokens) => errors.on(&tokens, no_consumer(&tokens)),
        }
    }
    consumers
}

/// The list in brackets of some kind.
fn inside(value: &TokenStream) -> Option<TokenStream> {
    match value.clone().into_iter().next() {
        Some(TokenTree::Group(group)) => Some(group.stream()),
        _ => None,
    }
}

fn no_consumer(tokens: &TokenStream) -> String {
    let mut rest = tokens.clone().into_iter();
    let first = rest.next().map(TokenStream::from).unwrap_or_default();
    match syn::parse2::<syn::Lit>(first) {
        Ok(syn::Lit::Str(text)) if syn::parse_str::<Ident>(&text.value()).is_ok() => {
            let rest = rest.collect::<TokenStream>();
            format!("an id is written without quotes: `{}{rest}`", text.value())
        }
        Ok(syn::Lit::Str(text)) => format!(
            "functions are called after declared consumers, so their ids are names as Rust has them; one like {} is \
             required where the program runs: `producer(..).required([{0}])`",
            text.token()
        ),
        _ => format!("a consumer is declared by its id and what is expected of it: {EXAMPLE}"),
    }
}

/// One of them, unless nothing could be called after it.
fn consumer(arg: &Arg, before: &[Consumer], errors: &mut Errors) -> Option<Consumer> {
    let id = arg.key.unraw().to_string();
    let role = role(&id, arg, errors);
    if let Some(text) = no_id(&id, arg) {
        errors.at(arg.key.span(), text);
        return None;
    }
    let names = match Names::of(&id, arg.key.span()) {
        Ok(names) => names,
        Err(text) => {
            errors.at(arg.key.span(), text);
            return None;
        }
    };
    if let Some(text) = before.iter().find_map(|other| taken(&id, &names, other)) {
        errors.at(arg.key.span(), text);
        return None;
    }
    if id.len() > LONGEST_ID {
        errors.at(
            arg.key.span(),
            format!("an id has at most {LONGEST_ID} bytes; this one has {}; shorten it", id.len()),
        );
    }
    Some(Consumer { place: arg.key.span(), id, names, role })
}

/// Words that stand where an id should, and mean something else.
fn no_id(id: &str, arg: &Arg) -> Option<String> {
    let takes = match &arg.given {
        Given::List(list) => list.stream().to_string(),
        _ => String::new(),
    };
    match id {
        "after" => Some(options::unknown(id)),
        "declared_only" => Some(
            "`declared_only` is an option of the channel, no consumer: write it behind `consumers(..)`, \
             `consumers(journal), declared_only`"
                .to_owned(),
        ),
        "required" | "lossy" => {
            let id = if syn::parse_str::<Ident>(&takes).is_ok() { takes } else { "journal".to_owned() };
            let word = arg.key.to_string();
            Some(format!(
                "`{word}` is what may be expected of a consumer; its id comes first: `{id}({word})`"
            ))
        }
        _ if arg.value().is_some() && options::KNOWN.contains(&id) => {
            Some(format!("`{id}` is an option of the channel, no consumer: write it behind `consumers(..)`"))
        }
        _ if arg.value().is_some() && policy::KNOWN.contains(&id) => Some(format!(
            "`{id}` is expected of one consumer: write it in the parentheses of its `required`, \
             `journal(required({}))`",
            policy::example(id)
        )),
        _ => None,
    }
}

/// Whether another consumer has the id, or what would be called after it.
fn taken(id: &str, names: &Names, other: &Consumer) -> Option<String> {
    if other.id == id {
        return Some(format!("consumer `{id}` is declared twice; remove one"));
    }
    let both = if names.attach == other.names.attach {
        format!("the functions of `{}` and `{id}` would both be called `{}`", other.id, names.attach)
    } else if names.variant == other.names.variant {
        format!("`{}` and `{id}` would both be called `{}` in the enum of ids", other.id, names.variant)
    } else {
        return None;
    };
    Some(format!("{both}; rename one"))
}

/// What is expected of the consumer; if that was wrong, what was nearest to it.
fn role(id: &str, arg: &Arg, errors: &mut Errors) -> Role {
    let list = match &arg.given {
        Given::Nothing => return Role::Reliable,
        // An option in the wrong place is told by its name.
        Given::Value(_) if options::KNOWN.contains(&id) || policy::KNOWN.contains(&id) => {
            return Role::Reliable;
        }
        Given::Value(value) => {
            errors
                .on(value, format!("what is expected of a consumer stands in parentheses: `{id}(required)`"));
            return Role::Reliable;
        }
        // So is a word in the wrong place.
        Given::List(_) if ROLES.contains(&id) || id == "after" => return Role::Reliable,
        Given::List(list) => list,
    };
    if list.stream().is_empty() {
        errors.at(
            list.span(),
            format!(
                "say what is expected of it, `{id}(required)` or `{id}(lossy)`, or leave the parentheses out"
            ),
        );
    }
    let mut role: Option<Role> = None;
    for piece in pieces(list.stream()) {
        let word = match piece {
            Ok(word) => word,
            Err(tokens) => {
                errors.on(tokens, format!("expected `required` or `lossy`: `{id}(required)`"));
                continue;
            }
        };
        let name = word.key.unraw().to_string();
        let next = match name.as_str() {
            "required" => Role::Required(required(id, &word, errors)),
            "lossy" => lossy(id, &word, errors),
            _ => {
                errors.at(word.key.span(), no_role(id, &name, &word));
                continue;
            }
        };
        match &role {
            None => role = Some(next),
            Some(first) if first.is_lossy() == next.is_lossy() => {
                errors.at(word.key.span(), format!("`{name}` is given twice for this consumer; remove one"));
            }
            Some(_) => errors.at(
                word.key.span(),
                "a consumer that is required holds the producer back, and a lossy one never does; remove one",
            ),
        }
    }
    role.unwrap_or(Role::Reliable)
}

fn required(id: &str, word: &Arg, errors: &mut Errors) -> Policy {
    match &word.given {
        Given::Nothing => Policy::default(),
        Given::List(list) if list.stream().is_empty() => {
            errors.at(
                list.span(),
                format!("say what follows when it fails, `{id}(required(stall = \"5 s\"))`, or leave the parentheses out"),
            );
            Policy::default()
        }
        Given::List(list) => Policy::parse(list.stream(), errors),
        Given::Value(value) => {
            errors.on(value, format!("`required` takes no value: `{id}(required)`"));
            Policy::default()
        }
    }
}

fn lossy(id: &str, word: &Arg, errors: &mut Errors) -> Role {
    let text = format!(
        "a lossy consumer holds nobody back, so nothing follows when it fails: write `{id}(lossy)`, or \
         `{id}(required(..))`"
    );
    match &word.given {
        Given::Nothing => {}
        Given::List(list) => errors.on(list, text),
        Given::Value(value) => errors.on(value, format!("`lossy` takes no value: `{id}(lossy)`")),
    }
    Role::Lossy
}

fn no_role(id: &str, name: &str, word: &Arg) -> String {
    if name == "after" {
        return options::unknown(name);
    }
    if name == "reliable" {
        return format!("`reliable` is what a consumer is without a word: write `{id}`");
    }
    if let Some(known) = nearest(name, policy::KNOWN).filter(|_| !matches!(word.given, Given::Nothing)) {
        let example = match word.value() {
            Some(value) if known == name => format!("{name} = {value}"),
            _ => policy::example(known).to_owned(),
        };
        return format!("`{known}` belongs in the parentheses of `required`: `{id}(required({example}))`");
    }
    match nearest(name, ROLES) {
        Some(meant) => format!("`{name}` is nothing that is expected of a consumer; did you mean `{meant}`?"),
        None => format!(
            "`{name}` is nothing that is expected of a consumer; it is `required` or `lossy`, or without parentheses \
             reliable for as long as it is attached"
        ),
    }
}

/// What only all options together can tell.
pub(crate) fn check(options: &Options, errors: &mut Errors) {
    let Some(consumers) = &options.consumers else { return };
    let required: Vec<&Consumer> =
        consumers.iter().filter(|consumer| matches!(consumer.role, Role::Required(_))).collect();
    let room = match options.max_consumers {
        None => super::model::MAX_CONSUMERS,
        Some(Number::Literal(room)) => room,
        // The compiler checks it.
        Some(Number::Constant(_)) => return,
    };
    let Some(first) = usize::try_from(room).ok().and_then(|room| required.get(room)) else { return };
    let count = required.len();
    let remedy = if count as u128 > MAX_CONSUMERS {
        format!("a channel has room for {MAX_CONSUMERS} at most")
    } else {
        format!("write `max_consumers = {count}`")
    };
    errors.at(
        first.place,
        format!(
            "{count} consumers are required, and there is room for {room}, which is `max_consumers`; {remedy}"
        ),
    );
}

impl Consumer {
    pub(crate) fn is_required(&self) -> bool {
        matches!(self.role, Role::Required(_))
    }
}
