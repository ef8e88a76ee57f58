//! The command line.

use std::ffi::OsString;
use std::io::{IsTerminal, stdin};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use regex::bytes::Regex;

use crate::{Result, USAGE};

/// What to ship, and how.
pub(crate) struct Options {
    /// `-` is standard input.
    pub(crate) files: Vec<PathBuf>,
    pub(crate) follow: bool,
    pub(crate) limit: Option<Duration>,
    pub(crate) pattern: String,
    pub(crate) show: u64,
    pub(crate) copy: Option<PathBuf>,
}

impl Options {
    pub(crate) fn parse(arguments: &[OsString]) -> Result<Self> {
        let mut options = Self {
            files: Vec::new(),
            follow: false,
            limit: None,
            pattern: "ERROR|FATAL|panicked".to_owned(),
            show: 5,
            copy: None,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(USAGE);
            match argument.to_str() {
                Some("--follow") => options.follow = true,
                Some("--for") => options.limit = Some(Duration::from_secs(number(value()?)?)),
                Some("--grep") => value()?.to_str().ok_or(USAGE)?.clone_into(&mut options.pattern),
                Some("--show") => options.show = number(value()?)?,
                Some("--copy") => options.copy = Some(value()?.into()),
                Some(unknown) if unknown.starts_with("--") => return Err(USAGE.into()),
                _ if options.files.iter().any(|file| file == argument) => {
                    return Err(format!("{} is given twice", argument.to_string_lossy()).into());
                }
                _ => options.files.push(argument.into()),
            }
        }
        if options.files.is_empty() {
            let default = if stdin().is_terminal() { std::env::current_exe()? } else { "-".into() };
            options.files.push(default);
        }
        // Told here, and not by a process that starts and ends.
        Regex::new(&options.pattern)?;
        Ok(options)
    }
}

fn number<T: FromStr>(text: &OsString) -> Result<T> {
    let number = text.to_str().and_then(|text| text.parse().ok());
    number.ok_or_else(|| format!("{} is not a number", text.to_string_lossy()).into())
}
