//! A producer in the test's own process, whose alerts the test waits for, beside consumers in processes of their own.

use std::sync::mpsc::{Receiver, channel};

use myelon::{
    Alert, AlertKind, Declared, Error, History, LifecycleRecord, Location, Participant, ProducerBuilder,
    PublishError, Required, TryPublishError,
};
use myelon_tests::channels::{D8, L24, TestEvent, Words8, Words24};
use myelon_tests::messages::{Log, fill};
use myelon_tests::{Arena, DEADLINE, Peer, Spot};

/// Channels with a ring for eight events, or eight messages of sixteen bytes.
pub(crate) const KINDS: [&str; 3] = ["L24", "D8", "Log"];

/// How a ring for eight of them is asked for.
pub(crate) fn capacity(kind: &str) -> u64 {
    if kind == "Log" { 256 } else { 8 }
}

/// What one of `KINDS` can do in this process.
pub(crate) trait Act: Declared<Tx: Send> {
    fn publish(tx: &mut Self::Tx, sequence: u64) -> Result<(), PublishError>;
    fn try_publish(tx: &mut Self::Tx, sequence: u64) -> Result<(), TryPublishError>;
    fn check(tx: &mut Self::Tx) -> Result<(), PublishError>;
    fn detach(tx: Self::Tx);
}

macro_rules! events {
    ($($channel:ident, $event:ident;)*) => {$(
        impl Act for $channel {
            fn publish(tx: &mut Self::Tx, sequence: u64) -> Result<(), PublishError> {
                tx.publish($event::make(sequence)).map(drop)
            }
            fn try_publish(tx: &mut Self::Tx, sequence: u64) -> Result<(), TryPublishError> {
                tx.try_publish($event::make(sequence)).map(drop)
            }
            fn check(tx: &mut Self::Tx) -> Result<(), PublishError> {
                tx.check_health()
            }
            fn detach(tx: Self::Tx) {
                tx.detach();
            }
        }
    )*};
}

events! {
    L24, Words24;
    D8, Words8;
}

fn bytes(sequence: u64) -> [u8; 16] {
    let mut bytes = [0; 16];
    fill(sequence, &mut bytes);
    bytes
}

impl Act for Log {
    fn publish(tx: &mut Self::Tx, sequence: u64) -> Result<(), PublishError> {
        tx.publish(&bytes(sequence)).map(drop)
    }
    fn try_publish(tx: &mut Self::Tx, sequence: u64) -> Result<(), TryPublishError> {
        tx.try_publish(&bytes(sequence)).map(drop)
    }
    fn check(tx: &mut Self::Tx) -> Result<(), PublishError> {
        tx.check_health()
    }
    fn detach(tx: Self::Tx) {
        tx.detach();
    }
}

/// A producer with a ring for eight.
pub(crate) struct Stage<C: Act> {
    pub(crate) tx: C::Tx,
    pub(crate) next: u64,
    pub(crate) alerts: Receiver<Alert>,
}

impl<C: Act> Stage<C> {
    pub(crate) fn new(at: &Location, required: &[(&str, Required)]) -> Self {
        Self::with(at, required, |builder| builder).unwrap()
    }

    pub(crate) fn with(
        at: &Location,
        required: &[(&str, Required)],
        more: impl FnOnce(ProducerBuilder<C>) -> ProducerBuilder<C>,
    ) -> Result<Self, Error> {
        let (said, alerts) = channel();
        let kind = core::any::type_name::<C>().rsplit(':').next().unwrap();
        let builder = ProducerBuilder::<C>::new(at).capacity(capacity(kind));
        let builder = required.iter().fold(builder, |builder, (id, policy)| builder.require(*id, *policy));
        let builder = builder.on_alert(move |alert| drop(said.send(alert.clone())));
        let tx = more(builder).build()?;
        Ok(Self { tx, next: 0, alerts })
    }

    pub(crate) fn publish(&mut self) -> Result<(), PublishError> {
        C::publish(&mut self.tx, self.next)?;
        self.next += 1;
        Ok(())
    }

    /// Publishes until the ring is full, and how many that were.
    pub(crate) fn fill(&mut self) -> u64 {
        let first = self.next;
        loop {
            match C::try_publish(&mut self.tx, self.next) {
                Ok(()) => self.next += 1,
                Err(TryPublishError::Full(_)) => return self.next - first,
                Err(other) => panic!("{other:?}"),
            }
        }
    }

    pub(crate) fn check(&mut self) -> Result<(), PublishError> {
        C::check(&mut self.tx)
    }

    /// All alerts so far.
    pub(crate) fn said(&self) -> Vec<AlertKind> {
        self.alerts.try_iter().map(|alert| alert.kind).collect()
    }
}

/// The next alert, which has to be of that kind about that one.
#[track_caller]
pub(crate) fn expect(alerts: &Receiver<Alert>, kind: AlertKind, id: &str, pid: u32) -> Alert {
    let alert = alerts.recv_timeout(DEADLINE).expect("an alert");
    assert_eq!((alert.kind, alert.id.as_str(), alert.pid), (kind, id, pid), "{alert}");
    alert
}

/// What is written down of a consumer, or of `producer`: `event (why) pid`, with the pid told as `name` if it is that.
#[track_caller]
pub(crate) fn story(at: &Spot, who: &str, (name, pid): (&str, u32)) -> Vec<String> {
    let line = |record: &LifecycleRecord| {
        let why = record.cause.map(|cause| format!(" ({cause})")).unwrap_or_default();
        let pid = if record.pid == Some(pid) { name.to_owned() } else { format!("{:?}", record.pid) };
        format!("{}{why} {pid}", record.event)
    };
    let is_meant = |record: &&LifecycleRecord| match &record.who {
        Participant::Consumer { id, .. } => id == who,
        _ => who == "producer",
    };
    History::take(at.location()).unwrap().records.iter().filter(is_meant).map(line).collect()
}

/// A consumer in a process of its own.
#[track_caller]
pub(crate) fn attach(arena: &Arena, kind: &str, at: &str, id: &str) -> Peer {
    let mut peer = arena.peer();
    peer.ask(format!("attach type={kind} at={at} id={id}"));
    peer
}

/// Writes a body once for each of `KINDS`, with `C` as that channel.
#[macro_export]
macro_rules! for_each_kind {
    ($arena:ident, $at:ident, $body:block) => {
        $crate::for_each_kind!(@one $arena, $at, myelon_tests::channels::L24, $body);
        $crate::for_each_kind!(@one $arena, $at, myelon_tests::channels::D8, $body);
        $crate::for_each_kind!(@one $arena, $at, myelon_tests::messages::Log, $body);
    };
    (@one $arena:ident, $at:ident, $channel:ty, $body:block) => {{
        type C = $channel;
        #[allow(dead_code, reason = "not every body names it")]
        const KIND: &str = match stringify!($channel).as_bytes() {
            [.., b'L', b'2', b'4'] => "L24",
            [.., b'D', b'8'] => "D8",
            _ => "Log",
        };
        let $at = $arena.spot(KIND);
        $body
    }};
}
