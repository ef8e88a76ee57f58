//! Times with a unit: `"10 s"`.

use core::time::Duration;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{Expr, ExprLit, Lit};

const UNITS: [(&str, u64); 6] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// How else people write the units.
const MEANT: [(&str, &[&str]); 6] = [
    ("ns", &["nsec", "nanos", "nanosecond", "nanoseconds"]),
    ("us", &["µs", "μs", "usec", "micros", "microsecond", "microseconds"]),
    ("ms", &["msec", "milli", "millis", "millisecond", "milliseconds"]),
    ("s", &["sec", "secs", "second", "seconds"]),
    ("min", &["mins", "minute", "minutes"]),
    ("h", &["hr", "hrs", "hour", "hours"]),
];

/// A time that is known to the macro, or only to the compiler.
#[derive(Clone)]
pub(crate) enum Time {
    Literal(Duration),
    /// Of type `core::time::Duration`.
    Constant(Box<Expr>),
}

/// A time: a literal is checked here, a constant expression where the compiler evaluates it. `what` takes it, and is written
/// with a time as `written` says.
pub(crate) fn time(value: &TokenStream, what: &str, written: impl Fn(&str) -> String) -> syn::Result<Time> {
    let error = |text: String| Err(syn::Error::new_spanned(value, text));
    let explain = || {
        let example = written("5 s");
        format!("`{what}` takes a time, a whole number and a unit: `{example}`, with ns, us, ms, s, min or h")
    };
    let Ok(expr) = syn::parse2::<Expr>(ungrouped(value.clone())) else { return error(explain()) };
    let lit = match expr {
        Expr::Lit(ExprLit { lit, .. }) => lit,
        Expr::Unary(_) => return error(explain()),
        expr => return Ok(Time::Constant(Box::new(expr))),
    };
    let (number, unit) = match &lit {
        Lit::Str(text) => {
            return match nanos(&text.value()) {
                Ok(nanos) => Ok(Time::Literal(Duration::from_nanos(nanos))),
                Err(Wrong::Instead(text)) => error(format!("{}: `{}`", text.0, written(&text.1))),
                Err(Wrong::TooLong) => error(format!(
                    "`{}` is longer than any time that can be counted, 584 years",
                    text.value()
                )),
                Err(Wrong::Else) => error(format!("`{}` is no time; {}", text.value(), explain())),
            };
        }
        Lit::Int(number) => (number.base10_digits().to_owned(), number.suffix().to_owned()),
        Lit::Float(number) => (number.base10_digits().to_owned(), number.suffix().to_owned()),
        _ => return error(explain()),
    };
    // `5`, `5s`, `0.5`: the number is there, so it stands in the remedy.
    let unit = if unit_of(&unit).is_some() { unit } else { "s".to_owned() };
    let text = format!("{number} {unit}");
    let text = match nanos(&text) {
        Err(Wrong::Instead((_, instead))) => instead,
        _ => text,
    };
    error(format!("a time is written with its unit, in quotes: `{}`", written(&text)))
}

/// What a macro put around a literal is no part of it.
fn ungrouped(tokens: TokenStream) -> TokenStream {
    let mut alone = tokens.clone().into_iter();
    match (alone.next(), alone.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            ungrouped(group.stream())
        }
        _ => tokens,
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Wrong {
    /// Why, and what to write.
    Instead((String, String)),
    TooLong,
    Else,
}

fn unit_of(name: &str) -> Option<u64> {
    UNITS.iter().find(|(unit, _)| *unit == name).map(|(_, nanos)| *nanos)
}

/// How many nanoseconds a text like `10 s` means.
fn nanos(text: &str) -> Result<u64, Wrong> {
    let trimmed = text.trim();
    let digits = trimmed.find(|c: char| !c.is_ascii_digit() && c != '_' && c != '.').unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(digits);
    let (number, unit) = (number.replace('_', ""), unit.trim());
    if !number.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Wrong::Else);
    }
    let instead = |why: String, text: String| Err(Wrong::Instead((why, text)));
    if unit.is_empty() {
        return instead("a time needs a unit".to_owned(), format!("{number} s"));
    }
    let Some(nanos) = unit_of(unit) else {
        let lower = unit.to_lowercase();
        let meant = MEANT.iter().find(|(name, others)| *name == lower || others.contains(&lower.as_str()));
        return match meant {
            Some((name, _)) => instead(format!("`{unit}` is no unit"), format!("{number} {name}")),
            None if lower == "m" => instead(
                "`m` is no unit; minutes are `min`, milliseconds `ms`".to_owned(),
                format!("{number} min"),
            ),
            None if lower == "d" || lower.starts_with("day") => {
                let hours = number.parse::<u64>().map_or(24, |days| days.saturating_mul(24));
                instead("days are written in hours".to_owned(), format!("{hours} h"))
            }
            None => Err(Wrong::Else),
        };
    };
    let Some((whole, part)) = number.split_once('.') else {
        let count = number.parse::<u64>().map_err(|_| Wrong::TooLong)?;
        return count.checked_mul(nanos).ok_or(Wrong::TooLong);
    };
    let why = "a time is a whole number of its unit".to_owned();
    match fraction(whole, part, nanos) {
        Some(nanos) => instead(why, written(Duration::from_nanos(nanos))),
        None => Err(Wrong::Else),
    }
}

/// `whole.part` units, if that is a whole number of nanoseconds.
fn fraction(whole: &str, part: &str, unit: u64) -> Option<u64> {
    let scale = 10_u64.checked_pow(u32::try_from(part.len()).ok()?)?;
    let (whole, part) = (whole.parse::<u64>().ok()?, part.parse::<u64>().ok()?);
    let count = whole.checked_mul(scale)?.checked_add(part)?;
    let nanos = u128::from(count) * u128::from(unit);
    if nanos % u128::from(scale) == 0 { u64::try_from(nanos / u128::from(scale)).ok() } else { None }
}

/// The time as a person writes it: in the largest unit that leaves it whole.
pub(crate) fn written(time: Duration) -> String {
    let nanos = time.as_nanos();
    let (name, unit) = UNITS
        .into_iter()
        .rev()
        .find(|(_, unit)| nanos != 0 && nanos % u128::from(*unit) == 0)
        .unwrap_or(("s", 1_000_000_000));
    format!("{} {name}", nanos / u128::from(unit))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn times_have_a_unit_with_or_without_a_space() {
        for (text, meant) in [
            ("10 s", 10_000_000_000),
            ("10s", 10_000_000_000),
            (" 1_500  ms ", 1_500_000_000),
            ("250 us", 250_000),
            ("7 ns", 7),
            ("2 min", 120_000_000_000),
            ("1 h", 3_600_000_000_000),
            ("0 s", 0),
            ("18446744073709551615 ns", u64::MAX),
        ] {
            assert_eq!(nanos(text), Ok(meant), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_says_what_to_write() {
        let instead = |value: TokenStream| {
            time(&value, "stall", |text| format!("stall = \"{text}\"")).err().unwrap().to_string()
        };
        for (value, text) in [
            (quote!("5"), "a time needs a unit: `stall = \"5 s\"`"),
            (quote!("5 sec"), "`sec` is no unit: `stall = \"5 s\"`"),
            (quote!("5 S"), "`S` is no unit: `stall = \"5 s\"`"),
            (quote!("5 µs"), "`µs` is no unit: `stall = \"5 us\"`"),
            (quote!("5 m"), "`m` is no unit; minutes are `min`, milliseconds `ms`: `stall = \"5 min\"`"),
            (quote!("2 days"), "days are written in hours: `stall = \"48 h\"`"),
            (quote!("0.5 s"), "a time is a whole number of its unit: `stall = \"500 ms\"`"),
            (quote!("1.50 h"), "a time is a whole number of its unit: `stall = \"90 min\"`"),
            (quote!(5), "in quotes: `stall = \"5 s\"`"),
            (quote!(5ms), "in quotes: `stall = \"5 ms\"`"),
            (quote!(0.25), "in quotes: `stall = \"250 ms\"`"),
            (quote!(-5), "takes a time"),
            (quote!(true), "takes a time"),
            (quote!("soon"), "`soon` is no time; `stall` takes a time"),
            (quote!("-5 s"), "`-5 s` is no time"),
            (quote!("5 parsec"), "`5 parsec` is no time"),
            (quote!("1.2.3 s"), "`1.2.3 s` is no time"),
            (quote!(""), "`` is no time"),
            (quote!("99999999999999999999 s"), "584 years"),
            (quote!("5124096 h"), "584 years"),
        ] {
            let told = instead(value);
            assert!(told.contains(text), "{told}\n{text}");
        }
    }

    #[test]
    fn times_are_told_in_the_largest_unit() {
        for (time, text) in [
            (Duration::ZERO, "0 s"),
            (Duration::from_millis(1500), "1500 ms"),
            (Duration::from_secs(120), "2 min"),
            (Duration::from_nanos(1), "1 ns"),
        ] {
            assert_eq!(written(time), text);
        }
    }
}
