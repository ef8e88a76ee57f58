//! `required(stall = "5 s", ..)`: what follows when a consumer fails to appear, stalls or dies.

use core::time::Duration;

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;

use super::super::args::{Arg, Given, pieces};
use super::super::values::{Time, time, word, written_time};
use crate::diag::{Errors, nearest, one_of};

pub(crate) const KNOWN: [&str; 6] = ["startup", "stall", "grace", "check", "on_failure", "on_death"];
const ON_FAILURE: [&str; 3] = ["shutdown", "block", "alert_only"];
const ON_DEATH: [&str; 3] = ["wait", "evict", "shutdown"];
const LOSS: [&str; 2] = ["evict", "shutdown"];

/// What was said; the rest is as the runtime has it.
#[derive(Default)]
pub(crate) struct Policy {
    pub(crate) startup: Option<Time>,
    pub(crate) stall: Option<Time>,
    pub(crate) grace: Option<Time>,
    pub(crate) check: Option<Time>,
    pub(crate) on_failure: Option<&'static str>,
    pub(crate) on_death: Option<OnDeath>,
}

/// What follows when the consumer is dead.
pub(crate) enum OnDeath {
    /// One of [`LOSS`].
    At(&'static str),
    /// Its place is kept for that long, `None` for ever; then one of [`LOSS`].
    Wait(Option<Time>, &'static str),
}

/// How an option of a policy is written.
pub(crate) fn example(key: &str) -> &'static str {
    match key {
        "startup" => "startup = \"10 s\"",
        "stall" => "stall = \"5 s\"",
        "grace" => "grace = \"2 s\"",
        "check" => "check = \"100 ms\"",
        "on_failure" => "on_failure = shutdown",
        _ => "on_death = wait(\"5 s\")",
    }
}

impl Policy {
    /// What stands in the parentheses of `required`.
    pub(crate) fn parse(list: TokenStream, errors: &mut Errors) -> Self {
        let mut policy = Self::default();
        let mut seen: Vec<Arg> = Vec::new();
        for piece in pieces(list) {
            let arg = match piece {
                Ok(arg) => arg,
                Err(tokens) => {
                    errors.on(tokens, "expected an option of `required`, for example `stall = \"5 s\"`");
                    continue;
                }
            };
            let key = arg.key.unraw().to_string();
            if !KNOWN.contains(&key.as_str()) {
                errors.at(arg.key.span(), unknown(&key));
            } else if seen.iter().any(|other| other.key == arg.key) {
                errors.at(arg.key.span(), format!("`{key}` is given twice for this consumer; remove one"));
            } else if let Err(error) = policy.set(&key, &arg) {
                errors.push(error);
            }
            seen.push(arg);
        }
        policy.check_order(&seen, errors);
        check_stall(&seen, errors);
        policy
    }

    fn set(&mut self, key: &str, arg: &Arg) -> syn::Result<()> {
        let value = match &arg.given {
            Given::Value(value) if !value.is_empty() => value,
            Given::List(list) if !list.stream().is_empty() => {
                let text = format!("write `{key} = {}`", list.stream());
                return Err(syn::Error::new(arg.key.span(), text));
            }
            _ => {
                let text = format!("`{key}` needs a value: `{}`", example(key));
                return Err(syn::Error::new(arg.key.span(), text));
            }
        };
        let of_key = |text: &str| format!("{key} = \"{text}\"");
        let limit = |zero: Option<&str>| limited(time(value, key, of_key)?, value, key, zero).map(Some);
        match key {
            "startup" => {
                self.startup =
                    limit(Some("nobody attaches in no time; leave it out to wait for as long as it takes"))?;
            }
            "stall" => {
                self.stall = limit(Some("it would be said to stall at once; leave it out to never say so"))?;
            }
            "grace" => self.grace = limit(None)?,
            "check" => {
                self.check = limit(Some("the producer would ask without a pause; leave it out for 10 ms"))?;
            }
            "on_failure" => self.on_failure = Some(word(value, key, &ON_FAILURE)?),
            _ => self.on_death = Some(OnDeath::parse(value)?),
        }
        Ok(())
    }

    /// What is looked for more seldom than it is to be found would be found too late.
    fn check_order(&self, seen: &[Arg], errors: &mut Errors) {
        let Some(Time::Literal(check)) = &self.check else { return };
        let wait = match &self.on_death {
            Some(OnDeath::Wait(Some(time), _)) => Some(time),
            _ => None,
        };
        let others = [("startup", self.startup.as_ref()), ("stall", self.stall.as_ref()), ("wait", wait)];
        let shortest = others
            .into_iter()
            .filter_map(|(name, time)| match time {
                Some(Time::Literal(time)) if time < check => Some((*time, name)),
                _ => None,
            })
            .min();
        let (Some((time, name)), Some(value)) =
            (shortest, seen.iter().find(|arg| arg.key == "check").and_then(Arg::value))
        else {
            return;
        };
        let (check, time) = (written_time(*check), written_time(time));
        errors.on(
            value,
            format!(
                "looking every {check} finds too late what `{name}` wants to know after {time}; make `check` at most {time}"
            ),
        );
    }
}

/// Who never stalls needs no time to recover, and nothing follows.
fn check_stall(seen: &[Arg], errors: &mut Errors) {
    if seen.iter().any(|arg| nearest(&arg.key.to_string(), ["stall"]).is_some()) {
        return;
    }
    let first = |key: &str| seen.iter().find(|arg| arg.key == key);
    for (arg, what) in
        [(first("grace"), "begins when a stall is told"), (first("on_failure"), "says what follows a stall")]
    {
        if let Some(arg) = arg {
            errors.at(
                arg.key.span(),
                format!(
                    "`{}` {what}, and without `stall` there is none: add `stall = \"5 s\"`, or remove this",
                    arg.key
                ),
            );
        }
    }
}

/// Refuses no time at all, where that means nothing.
fn limited(time: Time, value: &TokenStream, what: &str, zero: Option<&str>) -> syn::Result<Time> {
    match (&time, zero) {
        (Time::Literal(Duration::ZERO), Some(instead)) => {
            Err(syn::Error::new_spanned(value, format!("`{what}` must be longer than nothing: {instead}")))
        }
        _ => Ok(time),
    }
}

fn unknown(key: &str) -> String {
    match nearest(key, KNOWN) {
        Some(meant) => format!("unknown option `{key}` of `required`; did you mean `{meant}`?"),
        None => {
            format!(
                "unknown option `{key}` of `required`; there are {}",
                one_of(KNOWN).replace(" or ", " and ")
            )
        }
    }
}

impl OnDeath {
    fn parse(value: &TokenStream) -> syn::Result<Self> {
        let mut all = pieces(value.clone());
        let (Some(Ok(arg)), true) = (all.pop(), all.is_empty()) else { return Self::word(value) };
        match (arg.key.to_string().as_str(), &arg.given) {
            ("wait", Given::Nothing) => Ok(Self::Wait(None, "shutdown")),
            ("wait", Given::List(list)) => Self::wait(&arg.key, list.stream()),
            (word @ ("evict" | "shutdown"), Given::List(_)) => Err(syn::Error::new_spanned(
                value,
                format!(
                    "`{word}` follows at once and takes nothing; after a time it is `on_death = wait(\"5 s\", {word})`"
                ),
            )),
            _ => Self::word(value),
        }
    }

    fn word(value: &TokenStream) -> syn::Result<Self> {
        if let Ok(Time::Literal(time)) = time(value, "wait", str::to_owned) {
            let text =
                format!("a time alone says too little; write `on_death = wait(\"{}\")`", written_time(time));
            return Err(syn::Error::new_spanned(value, text));
        }
        word(value, "on_death", &ON_DEATH).map(|word| Self::At(loss(word)))
    }

    /// What stands in the parentheses of `wait`.
    fn wait(wait: &Ident, list: TokenStream) -> syn::Result<Self> {
        let parts = split(list);
        let (after, then) = match parts.as_slice() {
            [] => {
                return Err(syn::Error::new(
                    wait.span(),
                    "for how long? `wait(\"5 s\")`, or `wait` alone: for as long as it takes",
                ));
            }
            [after] => (after, None),
            [after, then] => (after, Some(then)),
            [_, _, more, ..] => {
                return Err(syn::Error::new_spanned(
                    more,
                    "`wait` takes a time and what follows it: `wait(\"5 s\", evict)`; remove this",
                ));
            }
        };
        let rest = then.map_or_else(String::new, |then| format!(", {then}"));
        if then.is_none() && LOSS.iter().any(|word| after.to_string() == *word) {
            return Err(syn::Error::new_spanned(
                after,
                format!("for how long, before that? `wait(\"5 s\", {after})`"),
            ));
        }
        let time = time(after, "wait", |text| format!("wait(\"{text}\"{rest})"))?;
        let then = match then {
            Some(then) => loss(word(then, "wait", &LOSS)?),
            None => "shutdown",
        };
        let instead = format!("nobody comes back in no time; `on_death = {then}` does the same");
        Ok(Self::Wait(Some(limited(time, after, "wait", Some(&instead))?), then))
    }
}

/// The word as one of [`LOSS`].
fn loss(word: &str) -> &'static str {
    if word == "evict" { "evict" } else { "shutdown" }
}

/// Splits at commas; each part with its tokens, also such as have not the form of an option.
fn split(list: TokenStream) -> Vec<TokenStream> {
    let parser = syn::punctuated::Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
    match syn::parse::Parser::parse2(parser, list.clone()) {
        Ok(parts) => parts.into_iter().map(ToTokens::into_token_stream).collect(),
        Err(_) => vec![list],
    }
}
