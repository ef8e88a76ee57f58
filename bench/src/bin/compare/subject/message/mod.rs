//! The subjects that carry messages of any length.
//!
//! Each is a [`Carrier`]: it sends and receives bytes. What the bytes are and how they are checked is the same for all.

#[cfg(feature = "peers")]
mod alpha;
#[cfg(feature = "peers")]
mod alpha_book;
#[cfg(feature = "iceoryx2")]
mod iceoryx;
mod memcpy;
mod our_book;
mod ours;
mod pipe;
mod prefixed;
mod socket;

use std::marker::PhantomData;

use myelon_bench::message::Messages;
use myelon_bench::message::channel::{Log, Packed, Urgent};

use super::{Ends, Place, Rx, Tx, expects};
use crate::side::{Context, Figures, play};
use crate::task::Mode;

/// A kind of channel for bytes. All calls panic if they fail: the measurement is void then.
pub(crate) trait Carrier {
    type Sender: Sender;
    type Receiver: Receiver;

    fn create(place: &Place, channel: &str) -> Self::Sender;
    fn attach(place: &Place, channel: &str) -> Self::Receiver;
}

/// The producer of a channel for bytes.
pub(crate) trait Sender {
    /// See [`Tx::ready`].
    fn ready(&mut self) {}
    /// Sends a message, and waits while there is no room.
    fn send(&mut self, message: &[u8]);
}

/// A consumer of a channel for bytes.
pub(crate) trait Receiver {
    /// Waits for the next message.
    fn next<R>(&mut self, look: impl FnMut(&[u8]) -> R) -> R;
    /// Shows all messages that are there, maybe none.
    fn all(&mut self, look: impl FnMut(&[u8]));
}

/// The ends of a subject that carries bytes.
#[derive(Debug)]
struct Bytes<C>(PhantomData<C>);

/// Sends the messages of a measurement.
#[derive(Debug)]
pub(crate) struct Sending<S> {
    sender: S,
    messages: Messages,
}

/// Receives and checks the messages of a measurement.
#[derive(Debug)]
pub(crate) struct Receiving<R> {
    receiver: R,
    messages: Messages,
}

impl<C: Carrier> Ends for Bytes<C> {
    type Tx = Sending<C::Sender>;
    type Rx = Receiving<C::Receiver>;

    fn create(place: &Place, channel: &str) -> Self::Tx {
        Sending { sender: C::create(place, channel), messages: Messages::new(place.lengths) }
    }

    fn attach(place: &Place, channel: &str, _: usize) -> Self::Rx {
        Receiving { receiver: C::attach(place, channel), messages: Messages::new(place.lengths) }
    }
}

impl<S: Sender> Tx for Sending<S> {
    fn ready(&mut self) {
        self.sender.ready();
    }

    #[inline(always)]
    fn publish(&mut self, sequence: u64) {
        self.sender.send(self.messages.message(sequence));
    }
}

impl<R: Receiver> Rx for Receiving<R> {
    #[inline(always)]
    fn recv(&mut self, sequence: u64) -> u64 {
        self.receiver.next(|found| self.messages.difference(found, sequence))
    }

    #[inline(always)]
    fn drain(&mut self, next: u64, wrong: &mut u64) -> u64 {
        let mut sequence = next;
        let mut bits = 0;
        self.receiver.all(|found| {
            bits |= self.messages.difference(found, sequence);
            sequence += 1;
        });
        *wrong |= bits;
        sequence - next
    }
}

const STREAM: Mode = Mode::MessageStream;
const THERE_AND_BACK: Mode = Mode::MessageRoundTrip;
const BULK: Mode = Mode::MessageBulk;
const RKYV: Mode = Mode::MessageRkyv;
const MEMORY: Mode = Mode::MessageMemory;

macro_rules! subjects {
    ($($(#[$cfg:meta])* $name:literal [$($mode:ident)*] => $play:expr,)*) => {
        /// The names of the subjects that carry messages, and the modes that each has a part in.
        pub(super) const SUBJECTS: &[(&str, &[Mode])] = &[$($(#[$cfg])* ($name, &[$($mode),*])),*];

        /// Plays the side's part with the subject and the size of its task.
        pub(super) fn dispatch(context: Context) -> Figures {
            match expects::plain_of(&context.task.subject).unwrap_or(&context.task.subject) {
                $($(#[$cfg])* $name => $play(context),)*
                other => panic!("there is no subject `{other}`"),
            }
        }
    };
}

subjects! {
    "myelon" [STREAM THERE_AND_BACK BULK MEMORY] => play::<Bytes<ours::Ours<Log, false>>>,
    "myelon-latency" [STREAM THERE_AND_BACK] => play::<Bytes<ours::Ours<Urgent, false>>>,
    "myelon-writable" [STREAM THERE_AND_BACK BULK] => play::<Bytes<ours::Writable>>,
    "myelon-throughput" [] => play::<Bytes<ours::Ours<Packed, false>>>,
    "myelon-claim" [STREAM THERE_AND_BACK BULK] => play::<Bytes<ours::Ours<Log, true>>>,
    "myelon-fragments" [BULK] => play::<Bytes<ours::Fragments>>,
    "myelon-rkyv" [RKYV] => play::<our_book::Ours>,
    #[cfg(feature = "peers")]
    "myelon-alpha" [STREAM THERE_AND_BACK BULK] => alpha::fitting,
    #[cfg(feature = "peers")]
    "myelon-alpha-spaced" [STREAM THERE_AND_BACK] => alpha::spaced,
    #[cfg(feature = "peers")]
    "myelon-alpha-64k" [STREAM THERE_AND_BACK BULK MEMORY] => play::<Bytes<alpha::Alpha<alpha::Frame64K>>>,
    #[cfg(feature = "peers")]
    "myelon-alpha-rkyv" [RKYV] => play::<alpha_book::Alpha>,
    #[cfg(feature = "iceoryx2")]
    "iceoryx2" [STREAM THERE_AND_BACK BULK MEMORY] => play::<Bytes<iceoryx::Slices>>,
    "socket" [STREAM THERE_AND_BACK BULK] => play::<Bytes<socket::Socket>>,
    "pipe" [STREAM THERE_AND_BACK BULK] => play::<Bytes<pipe::Pipe>>,
    "memcpy" [BULK] => play::<Bytes<memcpy::Memcpy<true>>>,
    "memcpy-one-core" [BULK] => play::<memcpy::OneCore>,
    "memcpy-in" [STREAM THERE_AND_BACK BULK] => play::<Bytes<memcpy::Memcpy<false>>>,
}
