//! The `--name value` options.

use std::collections::HashMap;
use std::str::FromStr;
use std::time::{Duration, Instant};

use crate::{Result, USAGE};

/// What was given on the command line.
pub(crate) struct Options(HashMap<String, String>);

const KNOWN: [&str; 8] = ["rate", "rows", "cpu", "rss", "channel", "seconds", "id", "mib"];

impl Options {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = HashMap::new();
        while let Some(argument) = arguments.next() {
            let name = argument.strip_prefix("--").filter(|name| KNOWN.contains(name)).ok_or(USAGE)?;
            let value = arguments.next().ok_or_else(|| format!("--{name} needs a value"))?;
            options.insert(name.to_owned(), value);
        }
        Ok(Self(options))
    }

    pub(crate) fn text<'a>(&'a self, name: &str, otherwise: &'a str) -> &'a str {
        self.0.get(name).map_or(otherwise, String::as_str)
    }

    pub(crate) fn number<T: FromStr + PartialOrd + Default>(&self, name: &str) -> Result<Option<T>> {
        let Some(text) = self.0.get(name) else { return Ok(None) };
        match text.parse::<T>() {
            Ok(number) if number > T::default() => Ok(Some(number)),
            _ => Err(format!("--{name} {text}: not a number above zero").into()),
        }
    }

    /// The channel's name.
    pub(crate) fn channel(&self) -> &str {
        self.text("channel", "procwatch")
    }

    /// When to end, if at all.
    pub(crate) fn until(&self) -> Result<Option<Instant>> {
        let seconds = self.number::<u32>("seconds")?;
        Ok(seconds.map(|seconds| Instant::now() + Duration::from_secs(u64::from(seconds))))
    }
}
