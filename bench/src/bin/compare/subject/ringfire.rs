//! ringfire, without loss.
//!
//! Its consumer takes events one by one: with its batches, which copy into a buffer, the stream was slower in every
//! trial. `recv_idle` waits as its own default strategy does.

use myelon_bench::{Words, difference, event};
use ringfire::wait::FutexWait;
use ringfire::{FlowControl, RingConsumer, RingProducer, RingProducerBuilder};

use super::{Place, Rx, Subject, Tx};
use myelon_bench::channel::CAPACITY;

#[derive(Debug)]
pub(crate) enum Ringfire {}

pub(crate) struct Producer<const W: usize>(RingProducer<Words<W>>);

pub(crate) struct Consumer<const W: usize>(RingConsumer<Words<W>>);

fn path(place: &Place, channel: &str) -> String {
    format!("/dev/shm/{}-{channel}", place.token)
}

impl Subject for Ringfire {
    type Tx<const W: usize> = Producer<W>;
    type Rx<const W: usize> = Consumer<W>;

    fn create<const W: usize>(place: &Place, channel: &str) -> Producer<W> {
        let builder = RingProducerBuilder::new(CAPACITY).flow_control(FlowControl::LosslessBackpressure);
        Producer(builder.build(path(place, channel)).expect("a ring"))
    }

    fn attach<const W: usize>(place: &Place, channel: &str, _: usize) -> Consumer<W> {
        Consumer(RingConsumer::attach(path(place, channel)).expect("the ring"))
    }
}

impl<const W: usize> Tx for Producer<W> {
    #[inline(always)]
    fn publish(&mut self, sequence: u64) {
        self.0.push(&event(sequence));
    }

    #[inline(always)]
    fn publish_batch(&mut self, first: u64, count: u64) {
        let mut batch = [[0; W]; 64];
        let batch = &mut batch[..count as usize];
        for (slot, sequence) in batch.iter_mut().zip(first..) {
            *slot = event(sequence);
        }
        self.0.push_batch(batch);
    }
}

impl<const W: usize> Rx for Consumer<W> {
    #[inline(always)]
    fn recv(&mut self, sequence: u64) -> u64 {
        loop {
            if let Some(event) = self.0.try_recv() {
                return difference(&event, sequence);
            }
            std::hint::spin_loop();
        }
    }

    fn recv_idle(&mut self, sequence: u64) -> u64 {
        difference(&self.0.recv_blocking(&mut FutexWait::default()), sequence)
    }

    #[inline(always)]
    fn drain(&mut self, next: u64, wrong: &mut u64) -> u64 {
        let mut sequence = next;
        while let Some(event) = self.0.try_recv() {
            *wrong |= difference(&event, sequence);
            sequence += 1;
        }
        std::hint::spin_loop();
        sequence - next
    }
}
