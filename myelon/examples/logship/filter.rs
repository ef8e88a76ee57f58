//! The first consumer: prints lines that match a pattern.

use std::io::Write;

use regex::bytes::Regex;

use crate::Result;
use crate::lines::kind;
use crate::receive::receive;

/// A line may be of any length; this much of it is printed.
const WIDTH: usize = 160;

pub(crate) fn run(channel: &str, pattern: &str, show: &str) -> Result {
    let (pattern, show) = (Regex::new(pattern)?, show.parse::<u64>()?);
    let mut out = std::io::stdout();
    let mut matching = 0_u64;
    let got = receive(channel, "filter", |message| {
        // A line that is shipped in parts is looked at part by part.
        if matches!(message.kind, kind::LINE | kind::PART) && pattern.is_match(message.bytes) {
            matching += 1;
            if matching <= show {
                writeln!(out, "  | {}", printable(message.bytes))?;
            }
        }
        Ok(())
    })?;
    let shown = if matching > show { format!(" ({show} shown)") } else { String::new() };
    writeln!(out, "filter  {got}: {matching} match /{pattern}/{shown}")?;
    Ok(())
}

fn printable(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let (shown, rest) = line.split_at(line.len().min(WIDTH));
    let shown: String = String::from_utf8_lossy(shown)
        .chars()
        .map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c })
        .collect();
    if rest.is_empty() { shown } else { format!("{shown} .. and {} bytes", rest.len()) }
}
