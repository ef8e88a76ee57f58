//! myelon: both ways to optimise, with the default wait and with one that only spins; all else is the default.

use std::marker::PhantomData;

use myelon::{ConsumerBuilder, ProducerBuilder};
use myelon_bench::channel::{Consumer, Of, Producer, Tuning};
use myelon_bench::{difference, event};

use super::{Place, Rx, Subject, Tx};

/// The subject.
#[derive(Debug)]
pub(crate) struct Ours<T>(PhantomData<T>);

fn name(place: &Place, channel: &str) -> String {
    format!("{}-{channel}", place.token)
}

impl<T: Tuning> Subject for Ours<T> {
    type Tx<const W: usize> = Producer<T, W>;
    type Rx<const W: usize> = Consumer<T, W>;

    fn create<const W: usize>(place: &Place, channel: &str) -> Producer<T, W> {
        let builder = ProducerBuilder::<Of<T, W>>::new(name(place, channel));
        place.expects.ask(builder, place.consumers).build().expect("a channel")
    }

    fn attach<const W: usize>(place: &Place, channel: &str, index: usize) -> Consumer<T, W> {
        let id = format!("c{index}");
        ConsumerBuilder::<Of<T, W>>::new(name(place, channel), &id).build().expect("the channel")
    }
}

impl<T: Tuning, const W: usize> Tx for Producer<T, W> {
    #[inline(always)]
    fn publish(&mut self, sequence: u64) {
        // In place, as the other rings do it: a value would be made on the stack first and then copied.
        (**self).publish_with(|slot| *slot = event(sequence)).expect("room");
    }

    #[inline(always)]
    fn publish_batch(&mut self, first: u64, count: u64) {
        let write = |index: usize, slot: &mut _| *slot = event(first + index as u64);
        (**self).publish_batch(count as usize, write).expect("room");
    }
}

impl<T: Tuning, const W: usize> Rx for Consumer<T, W> {
    #[inline(always)]
    fn recv(&mut self, sequence: u64) -> u64 {
        let lease = (**self).recv().expect("an event").expect("an open channel");
        difference(&lease, sequence)
    }

    #[inline(always)]
    fn drain(&mut self, next: u64, wrong: &mut u64) -> u64 {
        let mut sequence = next;
        let mut bits = 0;
        let count = (**self).drain(|event, _| {
            bits |= difference(event, sequence);
            sequence += 1;
        });
        *wrong |= bits;
        count.expect("events")
    }
}
