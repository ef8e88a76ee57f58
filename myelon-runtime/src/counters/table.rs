//! A snapshot, and how a channel is, as people read it.

use core::fmt;

use super::{AppCount, ConsumerSnapshot, ConsumerState, Health, ProducerSnapshot, Snapshot};
use crate::liveness::Role;

/// How many records the text of a [`Health`] ends with.
const LAST: usize = 12;

/// A column of a table of consumers. The widths are the least there may be.
struct Column {
    head: &'static str,
    width: usize,
    left: bool,
    cell: fn(&ConsumerSnapshot) -> String,
}

impl Column {
    const fn left(head: &'static str, width: usize, cell: fn(&ConsumerSnapshot) -> String) -> Self {
        Self { head, width, left: true, cell }
    }

    const fn right(head: &'static str, width: usize, cell: fn(&ConsumerSnapshot) -> String) -> Self {
        Self { head, width, left: false, cell }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
        let width = self.width;
        if self.left { write!(f, "{text:<width$}") } else { write!(f, "{text:>width$}") }
    }
}

const ENTRY: Column = Column::left("entry", 5, |consumer| consumer.entry.to_string());
const ID: Column = Column::left("consumer", 20, |consumer| consumer.id.clone());
const ROLE: Column = Column::left("role", 8, |consumer| consumer.role.to_string());
const STATE: Column = Column::left("state", 8, |consumer| consumer.state.to_string());
const PID: Column = Column::right("pid", 8, |consumer| Pid(consumer.pid).to_string());
const ALIVE: Column = Column::left("", 5, |consumer| match consumer.state {
    // A place without a consumer.
    ConsumerState::Reserved => String::new(),
    _ => alive(consumer.alive).to_owned(),
});
const CURSOR: Column = Column::right("cursor", 14, |consumer| consumer.cursor.to_string());
const LAG: Column = Column::right("lag", 10, |consumer| consumer.lag.to_string());
const IDLE: Column = Column::right("idle", 9, |consumer| match consumer.idle {
    Some(idle) => format!("{idle:.1?}"),
    None => "?".to_owned(),
});

/// What a [`Snapshot`] shows of consumers.
const COUNTED: &[Column] = &[
    ENTRY,
    ID,
    STATE,
    PID,
    ALIVE,
    CURSOR,
    LAG,
    Column::right("most lag", 10, |consumer| consumer.largest_lag.to_string()),
    Column::right("received", 14, |consumer| consumer.received.to_string()),
    Column::right("waits", 9, |consumer| consumer.waits.to_string()),
    Column::right("parks", 9, |consumer| consumer.parks.to_string()),
    Column::right("wakes", 9, |consumer| consumer.wakes.to_string()),
    Column::right("invalid", 7, |consumer| consumer.invalid.to_string()),
];

/// What a [`Health`] shows of them.
const HOW: &[Column] = &[ID, ROLE, STATE, PID, ALIVE, CURSOR, LAG, IDLE];

fn line(f: &mut fmt::Formatter<'_>, columns: &[Column], text: impl Fn(&Column) -> String) -> fmt::Result {
    for (index, column) in columns.iter().enumerate() {
        if index != 0 {
            f.write_str(" ")?;
        }
        column.write(f, &text(column))?;
    }
    writeln!(f)
}

fn heads(f: &mut fmt::Formatter<'_>, columns: &[Column]) -> fmt::Result {
    line(f, columns, |column| column.head.to_owned())
}

fn row(f: &mut fmt::Formatter<'_>, columns: &[Column], consumer: &ConsumerSnapshot) -> fmt::Result {
    line(f, columns, |column| (column.cell)(consumer))
}

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
        self.head(f)?;
        self.producer.fmt(f)?;
        heads(f, COUNTED)?;
        self.consumers.iter().try_for_each(|consumer| consumer.fmt(f))
    }
}

impl Snapshot {
    fn head(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: ", self.channel, self.location)?;
        match self.event_size {
            0 => write!(f, "messages in {} bytes of {}", self.capacity, self.discipline)?,
            size => write!(f, "{} events of {size} bytes, {} slots", self.capacity, self.discipline)?,
        }
        writeln!(f, ", version {}, {} bytes in all", self.version, self.total)?;
        match self.closed_at {
            Some(at) => write!(f, "closed at {at}")?,
            None => f.write_str("open")?,
        }
        match &self.lost {
            Some(lost) => writeln!(f, ": {lost}"),
            None => writeln!(f),
        }
    }

    /// The ring in bytes, without what lies between events.
    fn ring_bytes(&self) -> u64 {
        self.capacity.saturating_mul(self.event_size.max(1))
    }
}

impl ProducerSnapshot {
    fn state(&self) -> &'static str {
        match (self.alive, self.detached) {
            (true, _) => "alive",
            (false, true) => "detached",
            (false, false) => "dead",
        }
    }
}

impl fmt::Display for ProducerSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "producer {} (pid {}, {}): published {}, full {}, waits {}, parks {}, wakes {}, evictions {}",
            self.epoch,
            Pid(self.pid),
            self.state(),
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
        row(f, COUNTED, self)?;
        counts(f, &self.app)
    }
}

fn counts(f: &mut fmt::Formatter<'_>, counts: &[AppCount]) -> fmt::Result {
    for count in counts {
        writeln!(f, "      {}: {}", count.label, count.value)?;
    }
    Ok(())
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.snapshot.head(f)?;
        let producer = &self.snapshot.producer;
        write!(
            f,
            "producer {} (pid {}, {}): published {}",
            producer.epoch,
            Pid(producer.pid),
            producer.state(),
            producer.published
        )?;
        match producer.idle {
            Some(idle) => writeln!(f, ", nothing for {idle:.1?}")?,
            None => writeln!(f)?,
        }
        heads(f, HOW)?;
        for consumer in &self.snapshot.consumers {
            row(f, HOW, consumer)?;
            if let Role::Required(policy) = consumer.role {
                writeln!(f, "      {policy}")?;
            }
        }
        self.who_is_slowest(f)?;
        let records = &self.history.records;
        if !records.is_empty() {
            writeln!(f, "last of {} records:", records.len())?;
        }
        let skipped = records.len().saturating_sub(LAST);
        records.iter().skip(skipped).try_for_each(|record| writeln!(f, "  {record}"))
    }
}

impl Health {
    fn who_is_slowest(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(slowest) = self.slowest().filter(|slowest| slowest.lag > 0) else { return Ok(()) };
        let ring = self.snapshot.ring_bytes();
        write!(f, "slowest: `{}`, {} bytes behind of {ring}", slowest.id, slowest.lag_bytes)?;
        if slowest.lag_bytes >= ring {
            f.write_str(": the ring is full, and the producer waits for it")?;
        }
        writeln!(f)
    }
}
