//! Options into values: what exists, what may be written, and what is planned.

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::{Expr, ExprLit, Lit, LitInt};

use super::args::{Arg, Args};
use crate::diag::{Errors, nearest, one_of};
use crate::path::CratePath;

const KNOWN: [&str; 6] = ["capacity", "optimize", "wait", "max_consumers", "version", "crate"];

/// Options that other kinds of channels will have.
const PLANNED: [(&str, &str); 8] = [
    ("zero_copy", "zero-copy channels"),
    ("codec", "channels of serialised messages"),
    ("max_message", "channels of messages of variable length"),
    ("consumers", "declared consumers"),
    ("after", "pipelines of consumers"),
    ("producers", "several producers on one channel"),
    ("timestamps", "timestamps in the ring"),
    ("kinds", "several kinds of messages on one channel"),
];

// The runtime's `channel::check` has the same limits, for constants.
pub(crate) const MAX_CAPACITY: u128 = 1 << 32;
const MAX_CONSUMERS: u128 = 256;
pub(crate) const WAITS: [&str; 4] = ["spin", "yield", "park", "adaptive"];
pub(crate) const OPTIMIZE: [&str; 2] = ["latency", "throughput"];

/// A number that is known to the macro, or only to the compiler.
#[derive(Clone)]
pub(crate) enum Number {
    Literal(u64),
    Constant(Box<Expr>),
}

/// What the attribute said; what was wrong is left out.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) capacity: Option<Number>,
    pub(crate) optimize: Option<&'static str>,
    pub(crate) wait: Option<&'static str>,
    pub(crate) max_consumers: Option<Number>,
    pub(crate) version: Option<Number>,
    pub(crate) krate: CratePath,
}

impl Options {
    pub(crate) fn of(args: &Args, errors: &mut Errors) -> Self {
        let mut options = Self::default();
        let mut seen: Vec<String> = Vec::new();
        for arg in &args.args {
            let key = arg.key.unraw().to_string();
            if !KNOWN.contains(&key.as_str()) {
                errors.at(arg.key.span(), unknown(&key));
            } else if seen.contains(&key) {
                errors.at(arg.key.span(), format!("option `{key}` is given twice; remove one"));
            } else if let Err(error) = options.set(&key, arg) {
                errors.push(error);
            }
            seen.push(key);
        }
        let attempted = args.broken || seen.iter().any(|key| nearest(key, ["capacity"]).is_some());
        if !attempted {
            errors.at(
                Span::call_site(),
                "a channel needs a capacity, in events: `#[myelon::channel(capacity = 65_536)]`",
            );
        }
        options
    }

    fn set(&mut self, key: &str, arg: &Arg) -> syn::Result<()> {
        let Some(value) = arg.value.clone().filter(|value| !value.is_empty()) else {
            return Err(syn::Error::new(
                arg.key.span(),
                format!("option `{key}` needs a value: `{}`", example(key)),
            ));
        };
        match key {
            "capacity" => self.capacity = Some(number(&value, arg, capacity)?),
            "optimize" => self.optimize = Some(word(&value, "optimize", &OPTIMIZE)?),
            "wait" => self.wait = Some(word(&value, "wait", &WAITS)?),
            "max_consumers" => self.max_consumers = Some(number(&value, arg, max_consumers)?),
            "version" => self.version = Some(number(&value, arg, |_| Ok(()))?),
            _ => self.krate = CratePath::parse.parse2(value)?,
        }
        Ok(())
    }
}

fn example(key: &str) -> &'static str {
    match key {
        "capacity" => "capacity = 65_536",
        "optimize" => "optimize = latency",
        "wait" => "wait = adaptive",
        "max_consumers" => "max_consumers = 16",
        "version" => "version = 1",
        _ => "crate = path::to::myelon",
    }
}

fn unknown(key: &str) -> String {
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

/// One of a few words.
fn word(value: &TokenStream, key: &str, words: &[&'static str]) -> syn::Result<&'static str> {
    let text = match syn::parse2::<Lit>(value.clone()) {
        Ok(Lit::Str(text)) if words.contains(&text.value().as_str()) => {
            return Err(syn::Error::new(
                text.span(),
                format!("write it without quotes: `{key} = {}`", text.value()),
            ));
        }
        Ok(Lit::Str(text)) => text.value(),
        _ => match Ident::parse_any.parse2(value.clone()) {
            Ok(ident) => ident.unraw().to_string(),
            Err(_) => value.to_string(),
        },
    };
    if let Some(word) = words.iter().find(|word| **word == text) {
        return Ok(word);
    }
    let lower = text.to_lowercase();
    let all = one_of(words.iter().copied());
    Err(syn::Error::new_spanned(
        value,
        match nearest(&lower, words.iter().copied()) {
            Some(meant) => format!("`{text}` is no value of `{key}`; did you mean `{meant}`? It takes {all}"),
            None => format!("`{text}` is no value of `{key}`; it takes {all}"),
        },
    ))
}

/// A number: a literal is checked here, a constant expression where the compiler evaluates it.
fn number(
    value: &TokenStream,
    arg: &Arg,
    check: impl FnOnce(u128) -> Result<(), String>,
) -> syn::Result<Number> {
    let key = arg.key.unraw();
    let error = |text: String| Err(syn::Error::new_spanned(value, text));
    let Ok(expr) = syn::parse2::<Expr>(value.clone()) else {
        return error(format!("`{key}` takes a number: `{}`", example(&key.to_string())));
    };
    match &expr {
        Expr::Lit(ExprLit { lit: Lit::Int(lit), .. }) => match integer(lit).map(|number| (number, check(number))) {
            Some((number, Ok(()))) => match u64::try_from(number) {
                Ok(number) => Ok(Number::Literal(number)),
                Err(_) => error(format!("`{key}` is at most {}", u64::MAX)),
            },
            Some((_, Err(text))) => error(text),
            None => error(format!("`{key}` takes a whole number: `{}`", example(&key.to_string()))),
        },
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if key == "capacity" && text.value().contains("iB") => error(
            "the capacity of a raw channel is a number of events, such as `65_536`; sizes in bytes belong to channels of \
             messages of variable length, which are planned"
                .to_owned(),
        ),
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if text.value().parse::<u64>().is_ok() => {
            error(format!("write it without quotes: `{key} = {}`", text.value()))
        }
        Expr::Lit(_) | Expr::Unary(_) => {
            error(format!("`{key}` takes a whole number, not negative: `{}`", example(&key.to_string())))
        }
        _ => Ok(Number::Constant(Box::new(expr))),
    }
}

fn integer(lit: &LitInt) -> Option<u128> {
    let known = ["", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize"];
    known.contains(&lit.suffix()).then(|| lit.base10_digits().parse().ok()).flatten()
}

fn capacity(number: u128) -> Result<(), String> {
    if number == 0 {
        return Err(
            "capacity must be at least 1; how many events may wait for the slowest consumer?".to_owned()
        );
    }
    if number > MAX_CAPACITY {
        return Err(format!("capacity must be at most {MAX_CAPACITY} (2^32); {number} is more"));
    }
    if !number.is_power_of_two() {
        let next = number.next_power_of_two();
        return Err(format!("capacity must be a power of two; {number} is not, the next one is {next}"));
    }
    Ok(())
}

fn max_consumers(number: u128) -> Result<(), String> {
    if (1..=MAX_CONSUMERS).contains(&number) {
        return Ok(());
    }
    let nearest = number.clamp(1, MAX_CONSUMERS);
    Err(format!("max_consumers must be from 1 to {MAX_CONSUMERS}; the nearest to {number} is {nearest}"))
}
