//! Records as they are handed to people.

use core::fmt;
use core::time::Duration;
use std::time::SystemTime;

use super::{LifecycleCause, LifecycleEvent, Utc};

/// One thing that happened to somebody who takes part in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LifecycleRecord {
    /// When, by the wall clock of whoever wrote it down.
    pub at: SystemTime,
    /// What happened.
    pub event: LifecycleEvent,
    /// The policy that led to it, if one did and whoever wrote it down knew. With a death: what follows from it.
    pub cause: Option<LifecycleCause>,
    /// To whom.
    pub who: Participant,
    /// Its process, in the pid namespace it ran in; `None` if that was not known.
    pub pid: Option<u32>,
    /// The next event or message that it would have published or released.
    pub sequence: u64,
    /// Who wrote it down: itself, or whoever found it dead, let it go, or waited for it.
    pub by: Participant,
}

/// Somebody who takes part in a channel.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Participant {
    /// The producer.
    Producer,
    /// A consumer.
    Consumer {
        /// Its registry entry.
        entry: u32,
        /// The id that it attached with; empty if it cannot be told any more. The end of one that is longer than 32 bytes
        /// may be missing: then it ends in `…`.
        id: String,
    },
}

/// The last records of everybody who takes part in a channel, or did: at most 16 from each page of the segment, in order of
/// time. `Display` prints one a line.
///
/// They lie in the segment, so they are there for as long as it is, whoever is alive. A process that is killed may not have
/// written the last one. Clocks of the wall may be set: records of one page stay in order nevertheless.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct History {
    /// The oldest first.
    pub records: Vec<LifecycleRecord>,
}

impl History {
    /// From the records of each page, which are in order.
    pub(crate) fn merge(pages: impl Iterator<Item = Vec<LifecycleRecord>>) -> Self {
        let mut timed = Vec::new();
        for page in pages {
            let mut latest = SystemTime::UNIX_EPOCH;
            for record in page {
                latest = latest.max(record.at);
                timed.push((latest, record));
            }
        }
        // Stable: those of one page stay in order.
        timed.sort_by_key(|(at, _)| *at);
        Self { records: timed.into_iter().map(|(_, record)| record).collect() }
    }

    /// Those about the consumer `id`, the oldest first.
    pub fn of_consumer<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a LifecycleRecord> {
        self.records.iter().filter(
            move |record| matches!(&record.who, Participant::Consumer { id: found, .. } if found == id),
        )
    }

    /// Those about producers, the oldest first.
    pub fn of_producer(&self) -> impl Iterator<Item = &LifecycleRecord> {
        self.records.iter().filter(|record| record.who == Participant::Producer)
    }
}

impl LifecycleRecord {
    pub(crate) fn time(nanoseconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_nanos(nanoseconds)
    }
}

impl fmt::Display for Participant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Producer => f.write_str("producer"),
            Self::Consumer { id, entry } if id.is_empty() => write!(f, "consumer in entry {entry}"),
            Self::Consumer { id, .. } => write!(f, "consumer `{id}`"),
        }
    }
}

impl fmt::Display for LifecycleRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}", Utc(self.at), self.who)?;
        if let Some(pid) = self.pid {
            write!(f, " (pid {pid})")?;
        }
        write!(f, " {} at {}", self.event, self.sequence)?;
        if let Some(cause) = self.cause {
            write!(f, " ({cause})")?;
        }
        if self.by != self.who {
            write!(f, ", says the {}", self.by)?;
        }
        Ok(())
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.records.iter().try_for_each(|record| writeln!(f, "{record}"))
    }
}
