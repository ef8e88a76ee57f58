//! A read-only look at a channel: who takes part, how far each has got, and what each counted.

use core::time::Duration;
use std::time::SystemTime;

use crate::event::Fingerprint;
use crate::lifecycle::{History, LifecycleRecord, Whom};
use crate::liveness::{Lost, OnConsumerDeath, Role};
use crate::location::IntoLocation;
use crate::os;
use crate::ring::OPEN;
use crate::ring::entry::{self, State};
use crate::segment::header::Header;
use crate::segment::page::{AppCounter, Counter};
use crate::segment::{self, AttachError, OwnedSchema, Segment};
use crate::sync::Ordering;

/// What a channel looked like at one moment. `Display` prints it as a table.
///
/// Taking one disturbs nobody: the segment is mapped read-only and nothing is locked. The numbers are read one
/// after the other while the channel goes on, so they need not add up exactly.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Snapshot {
    /// When it was taken.
    pub taken: SystemTime,
    /// The same on the clock that never jumps, which starts at boot.
    pub(super) moment: Duration,
    /// Where the channel lies.
    pub location: String,
    /// The name of the channel's type.
    pub channel: String,
    /// How events lie in the ring.
    pub discipline: String,
    /// The declared version.
    pub version: u64,
    /// The digest of everything that peers must agree on.
    pub fingerprint: Fingerprint,
    /// The layout of an event; `None` if what the segment holds cannot be read.
    pub layout: Option<OwnedSchema>,
    /// How many events the ring holds; of a channel of messages, how many bytes.
    pub capacity: u64,
    /// Bytes of one event; 0 for a channel of messages.
    pub event_size: u64,
    /// Bytes of the whole segment.
    pub total: u64,
    /// How many consumers can be attached at the same time.
    pub max_consumers: u32,
    /// When it was created, and by which process.
    pub created: SystemTime,
    /// The process that created it, in the pid namespace it ran in.
    pub creator_pid: u64,
    /// Where the stream was closed; `None` while it is open.
    pub closed_at: Option<u64>,
    /// The required consumer whose loss ended the stream, if that is why.
    pub lost: Option<Lost>,
    /// What becomes of dead consumers.
    pub on_consumer_death: OnConsumerDeath,
    /// The producer.
    pub producer: ProducerSnapshot,
    /// All consumers that the registry knows.
    pub consumers: Vec<ConsumerSnapshot>,
}

/// A producer at one moment.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ProducerSnapshot {
    /// Its process, in the pid namespace it runs in.
    pub pid: Option<u32>,
    /// Whether the kernel says that it lives; a stopped process does.
    pub alive: bool,
    /// Whether it left the stream open for a successor.
    pub detached: bool,
    /// How many producers the segment has had.
    pub epoch: u64,
    /// Since when it is the producer.
    pub since: SystemTime,
    /// How many events or messages were published, by all producers of this segment; the next sequence.
    pub published: u64,
    /// For how long it is known to have published nothing; `None` if that is not known. One look does not tell, unless a
    /// lifecycle record does; [`Health::since`](super::Health::since) compares two.
    pub idle: Option<Duration>,
    /// Bytes of those; of messages, with what the ring adds to them.
    pub bytes: u64,
    /// Looks that found no room.
    pub full: u64,
    /// Calls that had to wait for room.
    pub waits: u64,
    /// Sleeps in the kernel.
    pub parks: u64,
    /// Wake-ups of consumers.
    pub wakes: u64,
    /// Dead consumers that it let go.
    pub evictions: u64,
    /// The application's own counters.
    pub app: Vec<AppCount>,
}

/// A consumer at one moment.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ConsumerSnapshot {
    /// Its registry entry.
    pub entry: u32,
    /// The id that it attached with.
    pub id: String,
    /// What the channel expects of it.
    pub role: Role,
    /// What the registry says of it.
    pub state: ConsumerState,
    /// Its process, in the pid namespace it runs in.
    pub pid: Option<u32>,
    /// Whether the kernel says that it lives; a stopped process does.
    pub alive: bool,
    /// Since when it is attached.
    pub since: SystemTime,
    /// The next event or message that it will release.
    pub cursor: u64,
    /// How many events or messages it has not released yet.
    pub lag: u64,
    /// For how long it is known to have released nothing; `None` if that is not known. One look does not tell, unless a
    /// lifecycle record does; [`Health::since`](super::Health::since) compares two. The producer knows it of the one that it
    /// waits for.
    pub idle: Option<Duration>,
    /// Bytes of those; of messages, with what the ring adds to them.
    pub lag_bytes: u64,
    /// The largest lag that producers saw in this entry; of a channel of messages, in bytes.
    pub largest_lag: u64,
    /// How many events or messages it has released since it attached.
    pub received: u64,
    /// Bytes of those; of messages, with what the ring adds to them.
    pub bytes: u64,
    /// Calls that had to wait for something to receive.
    pub waits: u64,
    /// Sleeps in the kernel.
    pub parks: u64,
    /// Wake-ups of the producer.
    pub wakes: u64,
    /// Looks that found nothing.
    pub empty_looks: u64,
    /// Events that were not valid values, and messages that could not be decoded or did not stand validation.
    pub invalid: u64,
    /// The application's own counters.
    pub app: Vec<AppCount>,
}

/// What the registry says of a consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConsumerState {
    /// Declared, and not attached yet: holds the producer back.
    Reserved,
    /// On its way in.
    Joining,
    /// Attached: holds the producer back. If it is not alive, its place is kept until it is evicted.
    Attached,
    /// Was dead and was let go.
    Evicted,
    /// Left, and may come back.
    Detached,
}

/// One of the application's own counters.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AppCount {
    /// What the application called it.
    pub label: String,
    /// Its value.
    pub value: u64,
}

impl Snapshot {
    /// Looks at the channel at `at`, whatever its events.
    ///
    /// # Errors
    /// [`AttachError`], as far as it applies to one who only looks.
    pub fn take(at: impl IntoLocation) -> Result<Self, AttachError> {
        let location = at.into_location()?;
        let (segment, header, layout) = segment::inspect(&location)?;
        Ok(Self::of(&segment, header, layout, &segment.history()))
    }

    /// Looks at a segment with that header.
    pub(super) fn of(
        segment: &Segment,
        header: Header,
        layout: Option<OwnedSchema>,
        history: &History,
    ) -> Self {
        let shape = header.geometry.shape;
        let page = segment.producer_page();
        let scale = Scale { messages: segment::carries_messages(header.kind), slot: shape.event_size };
        let now = os::process::realtime_ns();
        let mut producer = producer(segment, scale);
        producer.idle = history.of_producer().last().and_then(|record| idle(record, producer.published, now));
        let published = producer.published;
        let closed_at = Some(page.closed_at().load(Ordering::Acquire)).filter(|at| *at != OPEN);
        let closed_at = closed_at.map(|at| if scale.messages { published } else { at });
        let mut consumers: Vec<_> =
            (0..shape.max_consumers).filter_map(|entry| consumer(segment, entry, published, scale)).collect();
        for consumer in &mut consumers {
            let record = history.of_consumer(&consumer.id).last();
            consumer.idle = record.and_then(|record| idle(record, consumer.cursor, now));
        }
        Self {
            taken: wall(now),
            moment: Duration::from_nanos(os::process::now_ns()),
            location: segment.location().to_string(),
            channel: header.channel,
            discipline: segment::discipline_name(header.kind, header.discipline),
            version: header.version,
            fingerprint: Fingerprint(header.fingerprint),
            layout,
            capacity: if scale.messages { shape.capacity * shape.event_size } else { shape.capacity },
            event_size: if scale.messages { 0 } else { shape.event_size },
            total: header.geometry.total,
            max_consumers: shape.max_consumers,
            created: wall(header.created_at),
            creator_pid: header.creator_pid,
            closed_at,
            lost: closed_at.and_then(|_| segment.close_reason()),
            on_consumer_death: OnConsumerDeath::decode(page.death_policy()),
            producer,
            consumers,
        }
    }
}

/// For how long somebody stands where its last record saw it.
fn idle(record: &LifecycleRecord, stands_at: u64, now: u64) -> Option<Duration> {
    if record.sequence != stands_at {
        return None;
    }
    wall(now).duration_since(record.at).ok()
}

/// How positions in the ring count.
#[derive(Clone, Copy)]
struct Scale {
    /// Positions count units of records, and messages are counted by themselves.
    messages: bool,
    /// Bytes of a slot's event or unit.
    slot: u64,
}

fn wall(nanoseconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_nanos(nanoseconds)
}

fn app(all: &[AppCounter]) -> Vec<AppCount> {
    let counts = all
        .iter()
        .map(|counter| AppCount { label: counter.label(), value: counter.value.load(Ordering::Relaxed) });
    counts.filter(|count| !count.label.is_empty()).collect()
}

fn producer(segment: &Segment, scale: Scale) -> ProducerSnapshot {
    let page = segment.producer_page();
    let who = page.identity().read();
    let position = segment.published();
    let published = if scale.messages { segment.messages() } else { position };
    let count = |counter| page.counters.read(counter);
    ProducerSnapshot {
        pid: who.pid,
        alive: segment.lives(Whom::Producer),
        detached: page.is_detached(),
        epoch: page.epoch(),
        since: wall(who.since),
        published,
        idle: None,
        bytes: position.saturating_mul(scale.slot),
        full: count(Counter::Full),
        waits: count(Counter::Waits),
        parks: count(Counter::Parks),
        wakes: count(Counter::Wakes),
        evictions: count(Counter::Evictions),
        app: app(&page.app),
    }
}

/// `None` for an entry that is nobody's.
fn consumer(segment: &Segment, entry: u32, published: u64, scale: Scale) -> Option<ConsumerSnapshot> {
    let state = match entry::read(segment.entry_word(entry)?)?.state {
        State::Free => return None,
        State::Reserved => ConsumerState::Reserved,
        State::Claiming | State::Joining => ConsumerState::Joining,
        State::Active => ConsumerState::Attached,
        State::Evicted => ConsumerState::Evicted,
        State::Detached => ConsumerState::Detached,
    };
    let page = segment.consumer_page(entry);
    let who = page.identity().read();
    let position = page.cursor().load(Ordering::Acquire);
    let (cursor, first) = if scale.messages {
        (page.message().load(Ordering::Relaxed), page.first_message().load(Ordering::Relaxed))
    } else {
        (position, page.start())
    };
    let received = cursor.saturating_sub(first);
    let received_bytes = position.saturating_sub(page.start()).saturating_mul(scale.slot);
    let lag_bytes = segment.published().saturating_sub(position).saturating_mul(scale.slot);
    let count = |counter| page.counters.read(counter);
    Some(ConsumerSnapshot {
        entry,
        id: page.id().map(|id| id.to_string()).unwrap_or_default(),
        role: segment.role_of(entry),
        state,
        pid: who.pid,
        alive: segment.lives(Whom::Entry(entry)),
        since: wall(who.since),
        cursor,
        lag: published.saturating_sub(cursor),
        idle: None,
        lag_bytes,
        largest_lag: segment
            .largest_lag(entry)
            .map_or(0, |lag| lag.load(Ordering::Relaxed))
            .saturating_mul(if scale.messages { scale.slot } else { 1 }),
        received,
        bytes: received_bytes,
        waits: count(Counter::Waits),
        parks: count(Counter::Parks),
        wakes: count(Counter::Wakes),
        empty_looks: count(Counter::EmptyLooks),
        invalid: count(Counter::Invalid),
        app: app(&page.app),
    })
}
