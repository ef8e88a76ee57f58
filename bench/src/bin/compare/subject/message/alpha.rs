//! myelon 0.1.0-alpha.2, framed, over shared memory, without loss.
//!
//! A frame just holds a message, or twice as much, or 64 KiB: which of them is best depends on the size, the mode and
//! whether the cores are near. With twice as much, the lines that a consumer's core fetches ahead by itself are not
//! those that the producer writes next.
//!
//! The framed producer looks for its consumers, and does not go once around the ring before it has found one; it is told
//! to look when they are there, so that the search is not measured. `process_available_messages` lends the bytes in the
//! ring. `recv_message_blocking_leased` lends them too, and gives each frame back at once, but reads the wall clock for
//! each message: round trips took longer, and streams were not faster by more than they scatter.

use std::marker::PhantomData;
use std::time::Duration;

use myelon_alpha::transport::{
    AlignedFixedFrame, FramedTransportConsumer, FramedTransportFrame, FramedTransportProducer,
    ReassemblyBuffer,
};
use myelon_alpha::{DEFAULT_MYELON_RPC_DEPTH, MyelonWaitStrategy};

use super::{Bytes, Carrier, Place, Receiver, Sender};
use crate::side::{Context, Figures, play};

/// Its 16-byte header makes the stride of the ring something else than a power of two, which is to its advantage: else
/// all short messages would compete for the same few sets of each cache.
pub(crate) type Frame64K = AlignedFixedFrame<{ 64 << 10 }>;

/// How long the producer looks for its consumers.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// The subject, with frames of the type `F`.
#[derive(Debug)]
pub(crate) struct Alpha<F>(PhantomData<F>);

macro_rules! sized {
    ($context:expr, $($size:literal => $frame:literal,)*) => {
        match $context.task.size {
            $($size => play::<Bytes<Alpha<AlignedFixedFrame<$frame>>>>($context),)*
            other => panic!("no frame is compiled for messages of {other} bytes"),
        }
    };
}

/// Plays the side's part with frames that just hold the task's messages.
pub(super) fn fitting(context: Context) -> Figures {
    sized!(context, 64 => 64, 1024 => 1024, 0x4000 => 0x4000, 0x10_0000 => 0x10_0000,)
}

/// The same with frames that, header included, are twice as large.
pub(super) fn spaced(context: Context) -> Figures {
    sized!(context, 64 => 112, 1024 => 2032, 0x4000 => 0x7ff0,)
}

pub(super) fn name(place: &Place, channel: &str) -> String {
    format!("{}{channel}", place.token)
}

/// Frames for all messages that are to be in flight, but no more of 64 KiB than a ring of its has by default: else there
/// would be gigabytes of them.
fn depth<F: FramedTransportFrame>(place: &Place) -> usize {
    let frames = place.lengths.longest().div_ceil(F::payload_capacity());
    let depth = (place.in_flight * frames).next_power_of_two();
    if F::payload_capacity() == Frame64K::payload_capacity() {
        depth.min(DEFAULT_MYELON_RPC_DEPTH)
    } else {
        depth
    }
}

pub(crate) struct Consumer<F: FramedTransportFrame> {
    inner: FramedTransportConsumer<F>,
    joined: ReassemblyBuffer,
}

impl<F: FramedTransportFrame> Carrier for Alpha<F> {
    type Sender = FramedTransportProducer<F>;
    type Receiver = Consumer<F>;

    fn create(place: &Place, channel: &str) -> Self::Sender {
        FramedTransportProducer::create(&name(place, channel), depth::<F>(place)).expect("a ring")
    }

    fn attach(place: &Place, channel: &str) -> Self::Receiver {
        let wait = MyelonWaitStrategy::BusySpin;
        let inner = FramedTransportConsumer::attach(&name(place, channel), depth::<F>(place), wait);
        let joined = ReassemblyBuffer::new(place.lengths.longest());
        Consumer { inner: inner.expect("the ring"), joined }
    }
}

impl<F: FramedTransportFrame> Sender for FramedTransportProducer<F> {
    fn ready(&mut self) {
        assert!(self.discover_consumers(PATIENCE), "no consumer, so nothing would hold the producer back");
    }

    #[inline(always)]
    fn send(&mut self, message: &[u8]) {
        self.publish(message, 0);
    }
}

impl<F: FramedTransportFrame> Receiver for Consumer<F> {
    #[inline(always)]
    fn next<R>(&mut self, mut look: impl FnMut(&[u8]) -> R) -> R {
        loop {
            let mut seen = None;
            self.inner.process_available_messages(&mut self.joined, |_, bytes| seen = Some(look(bytes)));
            if let Some(seen) = seen {
                return seen;
            }
            std::hint::spin_loop();
        }
    }

    #[inline(always)]
    fn all(&mut self, mut look: impl FnMut(&[u8])) {
        if self.inner.process_available_messages(&mut self.joined, |_, bytes| look(bytes)) == 0 {
            std::hint::spin_loop();
        }
    }
}
