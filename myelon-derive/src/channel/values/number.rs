//! Options that take a number.

use proc_macro2::TokenStream;
use syn::{Expr, ExprLit, Lit, LitInt};

use super::size;

// The runtime's `channel::check` has the same limits, for constants.
const MAX_EVENTS: u128 = 1 << 32;
const MIN_BYTES: u128 = 256;
const MAX_BYTES: u128 = 8 << 30;
pub(crate) const MAX_CONSUMERS: u128 = 256;

/// A number that is known to the macro, or only to the compiler.
#[derive(Clone)]
pub(crate) enum Number {
    Literal(u64),
    Constant(Box<Expr>),
}

/// Which numbers an option takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Range {
    /// The capacity of a ring of events.
    Events,
    /// The capacity of a ring of bytes: also as a size with a unit.
    Bytes,
    /// The length of a message: also as a size with a unit.
    Length,
    /// A number of consumers.
    Consumers,
    /// Any.
    Any,
}

/// A number: a literal is checked here, a constant expression where the compiler evaluates it.
pub(crate) fn number(value: &TokenStream, key: &str, example: &str, range: Range) -> syn::Result<Number> {
    let error = |text: String| Err(syn::Error::new_spanned(value, text));
    let Ok(expr) = syn::parse2::<Expr>(value.clone()) else {
        return error(format!("`{key}` takes a number: `{example}`"));
    };
    let literal = match &expr {
        Expr::Lit(ExprLit { lit: Lit::Int(lit), .. }) => match integer(lit) {
            Some(number) => range.check(number),
            None => Err(format!("`{key}` takes a whole number: `{example}`")),
        },
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            range.size(key, example, &text.value()).and_then(|number| range.check(number))
        }
        Expr::Lit(_) | Expr::Unary(_) => {
            Err(format!("`{key}` takes a whole number, not negative: `{example}`"))
        }
        _ => return Ok(Number::Constant(Box::new(expr))),
    };
    match literal.map(u64::try_from) {
        Ok(Ok(number)) => Ok(Number::Literal(number)),
        Ok(Err(_)) => error(format!("`{key}` is at most {}", u64::MAX)),
        Err(text) => error(text),
    }
}

fn integer(lit: &LitInt) -> Option<u128> {
    let known = ["", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize"];
    known.contains(&lit.suffix()).then(|| lit.base10_digits().parse().ok()).flatten()
}

impl Range {
    /// A number in quotes: a size, where that is one.
    fn size(self, key: &str, example: &str, text: &str) -> Result<u128, String> {
        match self {
            Self::Bytes | Self::Length => size::bytes(key, text),
            _ if text.parse::<u64>().is_ok() => Err(format!("write it without quotes: `{key} = {text}`")),
            Self::Events if size::bytes(key, text).is_ok() => Err(
                "the capacity of a raw channel is a number of events, such as `65_536`; sizes in bytes belong to \
                 channels of messages: `struct Log([u8]);`, an enum, or with `codec` or `zero_copy`"
                    .to_owned(),
            ),
            _ => Err(format!("`{key}` takes a whole number, not negative: `{example}`")),
        }
    }

    fn check(self, number: u128) -> Result<u128, String> {
        let checked = match self {
            Self::Events => events(number),
            Self::Bytes => bytes(number),
            Self::Length if number == 0 => Err("max_message must be at least 1, in bytes".to_owned()),
            Self::Consumers if !(1..=MAX_CONSUMERS).contains(&number) => {
                let nearest = number.clamp(1, MAX_CONSUMERS);
                Err(format!(
                    "max_consumers must be from 1 to {MAX_CONSUMERS}; the nearest to {number} is {nearest}"
                ))
            }
            Self::Length | Self::Consumers | Self::Any => Ok(()),
        };
        checked.map(|()| number)
    }
}

fn events(number: u128) -> Result<(), String> {
    if number == 0 {
        return Err(
            "capacity must be at least 1; how many events may wait for the slowest consumer?".to_owned()
        );
    }
    if number > MAX_EVENTS {
        return Err(format!("capacity must be at most {MAX_EVENTS} (2^32); {number} is more"));
    }
    power_of_two(number, |number| number.to_string())
}

fn bytes(number: u128) -> Result<(), String> {
    let written = size::written;
    if number < MIN_BYTES {
        return Err(format!(
            "the capacity of a channel of messages is in bytes, at least {}; {} is less: `capacity = \"4 MiB\"`",
            written(MIN_BYTES),
            written(number)
        ));
    }
    if number > MAX_BYTES {
        return Err(format!("capacity must be at most {}; {} is more", written(MAX_BYTES), written(number)));
    }
    power_of_two(number, written)
}

fn power_of_two(number: u128, written: impl Fn(u128) -> String) -> Result<(), String> {
    if number.is_power_of_two() {
        return Ok(());
    }
    let (number, next) = (written(number), written(number.next_power_of_two()));
    Err(format!("capacity must be a power of two; {number} is not, the next one is {next}"))
}
