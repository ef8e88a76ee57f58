//! A snapshot as people read it.

use core::fmt;

use super::{AppCount, ConsumerSnapshot, ConsumerState, ProducerSnapshot, Snapshot};

impl fmt::Display for ConsumerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Reserved => "reserved",
            Self::Joining => "joining",
            Self::Attached => "attached",
            Self::Evicted => "evicted",
            Self::Detached => "detached",
        })
    }
}

struct Pid(Option<u32>);

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(pid) => f.pad(&pid.to_string()),
            None => f.pad("?"),
        }
    }
}

fn alive(alive: bool) -> &'static str {
    if alive { "alive" } else { "dead" }
}

impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: ", self.channel, self.location)?;
        match self.event_size {
            0 => write!(f, "messages in {} bytes of {}", self.capacity, self.discipline)?,
            size => write!(f, "{} events of {size} bytes, {} slots", self.capacity, self.discipline)?,
        }
        writeln!(f, ", version {}, {} bytes in all", self.version, self.total)?;
        match self.closed_at {
            Some(at) => writeln!(f, "closed at {at}")?,
            None => writeln!(f, "open")?,
        }
        self.producer.fmt(f)?;
        writeln!(
            f,
            "{:<5} {:<20} {:<8} {:>8} {:<5} {:>14} {:>10} {:>10} {:>14} {:>9} {:>9} {:>9} {:>7}",
            "entry",
            "consumer",
            "state",
            "pid",
            "",
            "cursor",
            "lag",
            "most lag",
            "received",
            "waits",
            "parks",
            "wakes",
            "invalid"
        )?;
        for consumer in &self.consumers {
            consumer.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for ProducerSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match (self.alive, self.detached) {
            (true, _) => "alive",
            (false, true) => "detached",
            (false, false) => "dead",
        };
        writeln!(
            f,
            "producer {} (pid {}, {state}): published {}, full {}, waits {}, parks {}, wakes {}, evictions {}",
            self.epoch,
            Pid(self.pid),
            self.published,
            self.full,
            self.waits,
            self.parks,
            self.wakes,
            self.evictions
        )?;
        counts(f, &self.app)
    }
}

impl fmt::Display for ConsumerSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<5} {:<20} {:<8} {:>8} {:<5} {:>14} {:>10} {:>10} {:>14} {:>9} {:>9} {:>9} {:>7}",
            self.entry,
            self.id,
            self.state,
            Pid(self.pid),
            alive(self.alive),
            self.cursor,
            self.lag,
            self.largest_lag,
            self.received,
            self.waits,
            self.parks,
            self.wakes,
            self.invalid
        )?;
        counts(f, &self.app)
    }
}

fn counts(f: &mut fmt::Formatter<'_>, counts: &[AppCount]) -> fmt::Result {
    for count in counts {
        writeln!(f, "      {}: {}", count.label, count.value)?;
    }
    Ok(())
}
