//! myelon 0.1.0-alpha.2, framed, over shared memory, without loss.
//!
//! A frame is as large as the messages, or 64 KiB. Its producer waits for consumers only once it has found them, so
//! `discover_consumers` is called when they are there. `process_available_messages` lends the bytes in the ring. It is
//! faster than `recv_message_blocking_leased`, which reads the wall clock for each message, with one exception: it gives
//! the frames back only after all that were there, which for long messages makes the sides take turns.

use std::marker::PhantomData;
use std::time::Duration;

use myelon_alpha::MyelonWaitStrategy;
use myelon_alpha::transport::{
    AlignedFixedFrame, FramedTransportConsumer, FramedTransportFrame, FramedTransportProducer,
    ReassemblyBuffer,
};

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

/// Plays the side's part with frames that just hold the task's messages.
pub(super) fn fitting(context: Context) -> Figures {
    const KIB: usize = 1 << 10;
    match context.task.size {
        64 => play::<Bytes<Alpha<AlignedFixedFrame<64>>>>(context),
        KIB => play::<Bytes<Alpha<AlignedFixedFrame<KIB>>>>(context),
        0x4000 => play::<Bytes<Alpha<AlignedFixedFrame<0x4000>>>>(context),
        0x10_0000 => play::<Bytes<Alpha<AlignedFixedFrame<0x10_0000>>>>(context),
        other => panic!("no frame is compiled for messages of {other} bytes"),
    }
}

pub(super) fn name(place: &Place, channel: &str) -> String {
    format!("{}{channel}", place.token)
}

/// Frames for all messages that are to be in flight.
fn depth<F: FramedTransportFrame>(place: &Place) -> usize {
    let frames = place.lengths.longest().div_ceil(F::payload_capacity());
    (place.lengths.in_flight() * frames).next_power_of_two()
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
