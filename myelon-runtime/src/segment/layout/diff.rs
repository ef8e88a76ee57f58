//! What two peers that disagree are told: both layouts, the lines that differ marked.

use core::fmt;
use std::collections::BTreeSet;

use super::OwnedSchema;
use crate::event::Fingerprint;

/// What a program expects of a channel and what it found in the segment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LayoutDiff {
    /// What this program was compiled for.
    pub expected: Side,
    /// What the segment holds.
    pub found: Side,
}

/// All that peers must agree on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Side {
    /// The digest of all the others.
    pub fingerprint: Fingerprint,
    /// The declared version of the channel.
    pub version: u64,
    /// How events lie in the ring.
    pub discipline: String,
    /// Bytes from one slot to the next.
    pub slot_stride: u64,
    /// The layout of an event; `None` if what the segment holds cannot be read.
    pub schema: Option<OwnedSchema>,
}

impl Side {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!("version {}", self.version),
            format!("{} slots of {} bytes", self.discipline, self.slot_stride),
        ];
        match &self.schema {
            Some(schema) => lines.extend(schema.lines()),
            None => lines.push("a layout that cannot be read".to_owned()),
        }
        lines
    }
}

impl fmt::Display for LayoutDiff {
    /// Both layouts in full. A line that the other one does not have begins with `>`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = self.expected.lines();
        let found = self.found.lines();
        write!(f, "this program expects")?;
        marked(f, &expected, &found)?;
        write!(f, "\nthe segment holds")?;
        marked(f, &found, &expected)
    }
}

/// A line tells offset, name and depth, so no layout has the same line twice and a set is enough.
fn marked(f: &mut fmt::Formatter<'_>, lines: &[String], other: &[String]) -> fmt::Result {
    let other: BTreeSet<&String> = other.iter().collect();
    for line in lines {
        let mark = if other.contains(line) { ' ' } else { '>' };
        write!(f, "\n  {mark} {line}")?;
    }
    Ok(())
}
