//! The command line.

use std::str::FromStr;

use crate::{Result, USAGE};

/// What to publish, and how.
pub(crate) struct Options {
    pub(crate) file: Option<String>,
    pub(crate) deltas: u64,
    pub(crate) seed: u64,
    pub(crate) every: usize,
    pub(crate) rate: Option<u32>,
}

impl Options {
    pub(crate) fn parse(arguments: Vec<String>) -> Result<Self> {
        let mut options = Self { file: None, deltas: 1_000_000, seed: 1, every: 1000, rate: None };
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--deltas" => options.deltas = number(arguments.next())?,
                "--seed" => options.seed = number(arguments.next())?,
                "--every" => options.every = number(arguments.next())?,
                "--rate" => options.rate = Some(number(arguments.next())?),
                unknown if unknown.starts_with("--") => return Err(USAGE.into()),
                _ if options.file.is_some() => return Err(USAGE.into()),
                _ => options.file = Some(argument),
            }
        }
        Ok(options)
    }
}

fn number<T: FromStr + PartialOrd + Default>(text: Option<String>) -> Result<T> {
    let text = text.ok_or(USAGE)?;
    match text.parse::<T>() {
        Ok(number) if number > T::default() => Ok(number),
        _ => Err(format!("{text}: not a number above zero").into()),
    }
}
