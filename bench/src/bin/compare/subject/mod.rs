//! What is compared: each subject's producer and consumer behind the same few calls.

mod bare;
#[cfg(feature = "peers")]
mod disruptor;
pub(crate) mod expects;
#[cfg(feature = "iceoryx2")]
mod iceoryx;
mod message;
mod ours;
#[cfg(feature = "peers")]
mod ringfire;

use std::fs::File;
use std::marker::PhantomData;

use memmap2::{MmapOptions, MmapRaw};
use myelon_bench::channel;
use myelon_bench::message::Lengths;

use self::expects::Expects;
use crate::control::CONTROL_BYTES;
use crate::side::{Context, Figures, play};
use crate::task::Mode;

/// The bytes of the shared file that each of its two channels may use; only those that are touched take memory.
const CHANNEL_BYTES: u64 = 32 << 20;
/// The bytes of the shared file.
pub(crate) const SHARED_BYTES: u64 = CONTROL_BYTES + 2 * CHANNEL_BYTES;

/// Where the two sides of a measurement meet.
#[derive(Debug)]
pub(crate) struct Place {
    /// Part of every name that a subject makes up.
    pub(crate) token: String,
    /// How many consumers will gate.
    pub(crate) consumers: usize,
    /// How long the messages are.
    pub(crate) lengths: Lengths,
    /// How many of them there has to be room for.
    pub(crate) in_flight: usize,
    /// What the producer expects of its consumers; subjects that are not ours need not listen.
    pub(crate) expects: Expects,
    /// Shared by all sides; bare rings lie in it, behind the control page.
    pub(crate) memory: File,
}

impl Place {
    /// Maps the first bytes of what a channel may use of the shared file.
    fn map(&self, channel: &str, bytes: u64) -> MmapRaw {
        assert!(bytes <= CHANNEL_BYTES, "a ring that is larger than its place");
        let index = u64::from(channel == "pong");
        MmapOptions::new()
            .offset(CONTROL_BYTES + index * CHANNEL_BYTES)
            .len(bytes as usize)
            .populate()
            .map_raw(&self.memory)
            .expect("memory")
    }
}

/// Both ends of what is measured. All calls panic if they fail: the measurement is void then.
pub(crate) trait Ends {
    type Tx: Tx;
    type Rx: Rx;

    /// Makes a channel. Its consumers attach before the first event is published.
    fn create(place: &Place, channel: &str) -> Self::Tx;
    /// Attaches the consumer `index` of a channel, which is there.
    fn attach(place: &Place, channel: &str, index: usize) -> Self::Rx;
}

/// The ends of a subject with events of `8 * W` bytes.
#[derive(Debug)]
struct Events<S, const W: usize>(PhantomData<S>);

impl<S: Subject, const W: usize> Ends for Events<S, W> {
    type Tx = S::Tx<W>;
    type Rx = S::Rx<W>;

    fn create(place: &Place, channel: &str) -> S::Tx<W> {
        S::create(place, channel)
    }

    fn attach(place: &Place, channel: &str, index: usize) -> S::Rx<W> {
        S::attach(place, channel, index)
    }
}

/// A kind of channel for events of any size, see [`Ends`].
pub(crate) trait Subject {
    type Tx<const W: usize>: Tx;
    type Rx<const W: usize>: Rx;

    fn create<const W: usize>(place: &Place, channel: &str) -> Self::Tx<W>;
    fn attach<const W: usize>(place: &Place, channel: &str, index: usize) -> Self::Rx<W>;
}

/// The producer of a channel. Events are [`myelon_bench::event`]s, messages those of [`myelon_bench::message`].
pub(crate) trait Tx {
    /// Called once, when all consumers have attached and nothing was published.
    fn ready(&mut self) {}
    /// Publishes the event `sequence`, and waits while the ring is full.
    fn publish(&mut self, sequence: u64);
    /// Publishes `count` events from `first` on, together if there is a way to do that.
    #[inline(always)]
    fn publish_batch(&mut self, first: u64, count: u64) {
        for sequence in first..first + count {
            self.publish(sequence);
        }
    }
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
    matches!(subject, "disruptor-mp" | "ringfire" | "iceoryx2" | "socket" | "pipe")
        || subject.starts_with("myelon-alpha")
}

/// What bare rings are: the limit, against which ratios are told too.
pub(crate) fn is_bare(subject: &str) -> bool {
    subject.starts_with("bare-") || subject.starts_with("memcpy")
}

/// All others.
pub(crate) fn is_ours(subject: &str) -> bool {
    !is_peer(subject) && !is_bare(subject)
}

/// A subject that is slower by so much that it gets this part of the events.
pub(crate) fn part(subject: &str) -> u64 {
    if matches!(subject, "iceoryx2" | "socket" | "pipe") { 10 } else { 1 }
}

/// The names of all subjects of this build.
pub(crate) fn names() -> Vec<&'static str> {
    let mut names = NAMES.to_vec();
    names.extend(message::SUBJECTS.iter().map(|(name, _)| *name).filter(|name| !NAMES.contains(name)));
    names.extend(expects::names());
    names
}

/// Whether the subject has a part in the mode.
pub(crate) fn plays(subject: &str, mode: Mode) -> bool {
    if matches!(mode, Mode::Required | Mode::MessageRequired) {
        expects::plays(subject, mode)
    } else if mode.is_of_messages() {
        message::SUBJECTS.iter().any(|(name, modes)| *name == subject && modes.contains(&mode))
    } else {
        NAMES.contains(&subject)
    }
}

macro_rules! subjects {
    ($($(#[$cfg:meta])* $name:literal => $subject:ty,)*) => {
        /// The names of the subjects that carry events.
        const NAMES: &[&str] = &[$($(#[$cfg])* $name),*];

        /// Plays the side's part with the subject and the size of its task.
        pub(crate) fn dispatch(context: Context) -> Figures {
            if context.task.mode.is_of_messages() {
                return message::dispatch(context);
            }
            match expects::plain_of(&context.task.subject).unwrap_or(&context.task.subject) {
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
        8 => play::<Events<S, 1>>(context),
        32 => play::<Events<S, 4>>(context),
        56 => play::<Events<S, 7>>(context),
        64 => play::<Events<S, 8>>(context),
        128 => play::<Events<S, 16>>(context),
        256 => play::<Events<S, 32>>(context),
        other => panic!("no subject is compiled for events of {other} bytes"),
    }
}
