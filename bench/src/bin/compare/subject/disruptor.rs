//! disruptor-mp over shared memory, without loss.
//!
//! Its producer waits for consumers only where it found their cursors: by the names `cp_0`, `cp_1` .. that it is
//! told to look for. Its default looks for none and overwrites what was not read. It has no way to wait that gives
//! the processor back, so it spins in every mode.

use disruptor_mp::{
    CoordinationMode, SharedConsumer, SharedProducer, attach_shared_consumer, build_shared_single_producer,
};
use myelon_bench::{difference, event};

use super::{Place, Rx, Subject, Tx};
use myelon_bench::channel::CAPACITY;

#[derive(Debug)]
pub(crate) enum DisruptorMp {}

/// Its events have to be `Default`.
#[derive(Debug, Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Event<const W: usize>([u64; W]);

impl<const W: usize> Default for Event<W> {
    fn default() -> Self {
        Self([0; W])
    }
}

pub(crate) struct Producer<const W: usize>(SharedProducer<Event<W>>);

pub(crate) struct Consumer<const W: usize>(SharedConsumer<Event<W>>);

fn name(place: &Place, channel: &str) -> String {
    format!("{}{channel}", place.token)
}

impl Subject for DisruptorMp {
    type Tx<const W: usize> = Producer<W>;
    type Rx<const W: usize> = Consumer<W>;

    fn create<const W: usize>(place: &Place, channel: &str) -> Producer<W> {
        let builder = build_shared_single_producer::<Event<W>>(&name(place, channel), CAPACITY as usize)
            .discover_consumer_with_prefix(place.consumers, "cp")
            .with_coordination(CoordinationMode::Immediate);
        Producer(builder.build_producer(Event::default).expect("a ring"))
    }

    fn attach<const W: usize>(place: &Place, channel: &str, index: usize) -> Consumer<W> {
        let builder = attach_shared_consumer::<Event<W>>(&name(place, channel), CAPACITY as usize)
            .with_consumer_id(&format!("cp_{index}"));
        Consumer(builder.build_consumer().expect("the ring"))
    }
}

impl<const W: usize> Tx for Producer<W> {
    #[inline(always)]
    fn publish(&mut self, sequence: u64) {
        self.0.publish(|slot| slot.0 = event(sequence));
    }

    #[inline(always)]
    fn publish_batch(&mut self, first: u64, count: u64) {
        let write = |slot: &mut Event<W>, index: usize| slot.0 = event(first + index as u64);
        while self.0.try_batch_publish(count as usize, write).is_err() {
            std::hint::spin_loop();
        }
    }
}

impl<const W: usize> Rx for Consumer<W> {
    #[inline(always)]
    fn recv(&mut self, sequence: u64) -> u64 {
        difference(&self.0.consume_next_leased().0, sequence)
    }

    #[inline(always)]
    fn drain(&mut self, next: u64, wrong: &mut u64) -> u64 {
        let mut sequence = next;
        let mut bits = 0;
        let count = self.0.process_available(|event, _| {
            bits |= difference(&event.0, sequence);
            sequence += 1;
        });
        *wrong |= bits;
        if count == 0 {
            std::hint::spin_loop();
        }
        count as u64
    }
}
