//! The second consumer: how many lines there are of each level.

use std::fmt::Write as _;
use std::io::Write as _;

use regex::bytes::Regex;

use crate::Result;
use crate::lines::kind;
use crate::receive::receive;

/// The word that counts is the first of these in a line.
const LEVELS: [&str; 6] = ["FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"];

pub(crate) fn run(channel: &str) -> Result {
    let levels = Regex::new(&format!(r"(?-u:\b(?:{})(?:ING)?\b)", LEVELS.join("|")))?;
    let mut counts = [0_u64; LEVELS.len()];
    let mut none = 0_u64;
    let got = receive(channel, "count", |message| {
        if message.kind == kind::LINE {
            let found = levels.find(message.bytes).map(|word| word.as_bytes());
            let level =
                LEVELS.iter().position(|level| found.is_some_and(|word| word.starts_with(level.as_bytes())));
            *level.and_then(|level| counts.get_mut(level)).unwrap_or(&mut none) += 1;
        }
        Ok(())
    })?;
    let mut report = String::new();
    for (level, count) in LEVELS.iter().zip(counts) {
        write!(report, "{count} {level}, ")?;
    }
    writeln!(std::io::stdout(), "count   {got}: {report}{none} without a level")?;
    Ok(())
}
