//! What is compared: each subject's producer and consumer behind the same few calls.

mod bare;
#[cfg(feature = "peers")]
mod disruptor;
#[cfg(feature = "iceoryx2")]
mod iceoryx;
mod ours;
#[cfg(feature = "peers")]
mod ringfire;

use std::fs::File;

use myelon_bench::channel;

use crate::side::{Context, Figures, play};

pub(crate) use bare::RING_BYTES;

/// Where the two sides of a measurement meet.
#[derive(Debug)]
pub(crate) struct Place {
    /// Part of every name that a subject makes up.
    pub(crate) token: String,
    /// How many consumers will gate.
    pub(crate) consumers: usize,
    /// Shared by all sides; bare rings lie in it, behind the control page.
    pub(crate) memory: File,
}

/// A kind of channel that can be measured. Both calls panic if they fail: the measurement is void then.
pub(crate) trait Subject {
    type Tx<const W: usize>: Tx;
    type Rx<const W: usize>: Rx;

    /// Makes a channel. Its consumers attach before the first event is published.
    fn create<const W: usize>(place: &Place, channel: &str) -> Self::Tx<W>;
    /// Attaches the consumer `index` of a channel, which is there.
    fn attach<const W: usize>(place: &Place, channel: &str, index: usize) -> Self::Rx<W>;
}

/// The producer of a channel. Events are [`myelon_bench::event`]s.
pub(crate) trait Tx {
    /// Publishes the event `sequence`, and waits while the ring is full.
    fn publish(&mut self, sequence: u64);
    /// Publishes `count` events from `first` on, together.
    fn publish_batch(&mut self, first: u64, count: u64);
}

/// A consumer of a channel. What differs from what was sent comes back as bits: zero is right.
pub(crate) trait Rx {
    /// Waits for the event `sequence`, the next one, and checks it.
    fn recv(&mut self, sequence: u64) -> u64;
    /// The same for one that is to cost little while it waits; without such a way, it spins.
    fn recv_idle(&mut self, sequence: u64) -> u64 {
        self.recv(sequence)
    }
    /// Checks what is there, `next` being the next sequence, and returns how many events that were, maybe none.
    fn drain(&mut self, next: u64, wrong: &mut u64) -> u64;
}

/// What peers of ours are, for the ratios.
pub(crate) fn is_peer(subject: &str) -> bool {
    matches!(subject, "disruptor-mp" | "ringfire" | "iceoryx2")
}

/// What bare rings are: the limit, against which ratios are told too.
pub(crate) fn is_bare(subject: &str) -> bool {
    subject.starts_with("bare-")
}

/// A subject that is slower by so much that it gets this part of the events.
pub(crate) fn part(subject: &str) -> u64 {
    if subject == "iceoryx2" { 10 } else { 1 }
}

macro_rules! subjects {
    ($($(#[$cfg:meta])* $name:literal => $subject:ty,)*) => {
        /// The names of all subjects of this build.
        pub(crate) const NAMES: &[&str] = &[$($(#[$cfg])* $name),*];

        /// Plays the side's part with the subject and the size of its task.
        pub(crate) fn dispatch(context: Context) -> Figures {
            match context.task.subject.as_str() {
                $($(#[$cfg])* $name => sized::<$subject>(context),)*
                other => panic!("there is no subject `{other}`"),
            }
        }
    };
}

subjects! {
    "ours-latency" => ours::Ours<channel::Latency>,
    "ours-throughput" => ours::Ours<channel::Throughput>,
    "ours-latency-spin" => ours::Ours<channel::LatencySpin>,
    "ours-throughput-spin" => ours::Ours<channel::ThroughputSpin>,
    #[cfg(feature = "peers")]
    "disruptor-mp" => disruptor::DisruptorMp,
    #[cfg(feature = "peers")]
    "ringfire" => ringfire::Ringfire,
    #[cfg(feature = "iceoryx2")]
    "iceoryx2" => iceoryx::Iceoryx2,
    "bare-stamped" => bare::Bare<bare::Stamped>,
    "bare-stamped-ahead" => bare::Bare<bare::StampedAhead>,
    "bare-dense" => bare::Bare<bare::Dense>,
    "bare-dense-paced" => bare::Bare<bare::DensePaced>,
    "bare-dense-ahead" => bare::Bare<bare::DenseAhead>,
}

fn sized<S: Subject>(context: Context) -> Figures {
    match context.task.size {
        8 => play::<S, 1>(context),
        32 => play::<S, 4>(context),
        56 => play::<S, 7>(context),
        64 => play::<S, 8>(context),
        128 => play::<S, 16>(context),
        256 => play::<S, 32>(context),
        other => panic!("no subject is compiled for events of {other} bytes"),
    }
}
