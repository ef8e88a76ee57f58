//! myelon: bytes as they are, with both ways to optimise. All else but the size of the ring is the default.

use std::marker::PhantomData;
use std::ops::DerefMut;

use myelon::{
    ConsumerBuilder, Declared, Frames, Granted, MessageChannel, MessageConsumer, MessageProducer, Placement,
    ProducerBuilder,
};
use myelon_bench::message::Lengths;
use myelon_bench::message::channel::Log;

use super::{Carrier, Place, Receiver, Sender};

/// What a record takes beside the bytes of its message: a header, and what they are rounded up to.
const UNIT: usize = 16;

/// Messages that lie in the ring in one piece; copied in by `publish`, or written in place if `CLAIM`.
#[derive(Debug)]
pub(crate) struct Ours<C, const CLAIM: bool>(PhantomData<C>);

/// The same by default, but that consumers map the ring writable.
#[derive(Debug)]
pub(crate) enum Writable {}

/// Messages that are longer than the quarter of the ring that goes in one piece: in fragments.
#[derive(Debug)]
pub(crate) enum Fragments {}

/// The producer, and how it publishes.
#[derive(Debug)]
pub(crate) struct Producer<T, const CLAIM: bool>(T);

/// The consumer.
#[derive(Debug)]
pub(crate) struct Consumer<R>(R);

pub(super) fn name(place: &Place, channel: &str) -> String {
    format!("{}-{channel}", place.token)
}

/// As many bytes as the messages in flight have; of a mix, what records of all of them take, because so many are published
/// before the first is received.
fn capacity(place: &Place) -> u64 {
    let record = |sequence| UNIT + place.lengths.of(sequence).next_multiple_of(UNIT);
    let bytes: usize = match place.lengths {
        Lengths::Same(length) => place.in_flight * length,
        Lengths::MostlySmall | Lengths::Even => (0..place.in_flight as u64).map(record).sum(),
    };
    bytes.next_power_of_two() as u64
}

fn producer<C: MessageChannel>(place: &Place, channel: &str, capacity: u64) -> C::Tx {
    let builder = ProducerBuilder::<C>::new(name(place, channel)).capacity(capacity);
    place.expects.ask(builder, place.consumers).build().expect("a channel")
}

fn consumer<C: Declared>(place: &Place, channel: &str, placement: Placement) -> Consumer<C::Rx> {
    let builder = ConsumerBuilder::<C>::new(name(place, channel), "c0").placement(placement);
    Consumer(builder.build().expect("the channel"))
}

impl<C, const CLAIM: bool> Carrier for Ours<C, CLAIM>
where
    C: MessageChannel,
    C::Tx: DerefMut<Target = MessageProducer<Frames>>,
    C::Rx: DerefMut<Target = MessageConsumer<Frames>>,
{
    type Sender = Producer<C::Tx, CLAIM>;
    type Receiver = Consumer<C::Rx>;

    fn create(place: &Place, channel: &str) -> Self::Sender {
        Producer(producer::<C>(place, channel, capacity(place)))
    }

    fn attach(place: &Place, channel: &str) -> Self::Receiver {
        consumer::<C>(place, channel, Placement::default())
    }
}

impl Carrier for Writable {
    type Sender = <Ours<Log, false> as Carrier>::Sender;
    type Receiver = <Ours<Log, false> as Carrier>::Receiver;

    fn create(place: &Place, channel: &str) -> Self::Sender {
        Ours::<Log, false>::create(place, channel)
    }

    fn attach(place: &Place, channel: &str) -> Self::Receiver {
        let rx = consumer::<Log>(place, channel, Placement::default().writable_ring());
        assert_eq!(rx.0.placement().writable, Granted::Yes);
        rx
    }
}

impl Carrier for Fragments {
    type Sender = Producer<<Log as Declared>::Tx, false>;
    type Receiver = Consumer<<Log as Declared>::Rx>;

    fn create(place: &Place, channel: &str) -> Self::Sender {
        let longest = place.lengths.longest() as u64;
        let tx = producer::<Log>(place, channel, 4 * longest.next_power_of_two());
        assert!((tx.max_record() as u64) < longest, "its messages are cut");
        Producer(tx)
    }

    fn attach(place: &Place, channel: &str) -> Self::Receiver {
        consumer::<Log>(place, channel, Placement::default())
    }
}

impl<T: DerefMut<Target = MessageProducer<Frames>>, const CLAIM: bool> Sender for Producer<T, CLAIM> {
    #[inline(always)]
    fn send(&mut self, message: &[u8]) {
        if CLAIM {
            let mut claim = self.0.claim(message.len()).expect("room");
            claim.copy_from_slice(message);
            claim.commit(message.len()).expect("what was claimed");
        } else {
            self.0.publish(message).expect("room");
        }
    }
}

impl<R: DerefMut<Target = MessageConsumer<Frames>>> Receiver for Consumer<R> {
    #[inline(always)]
    fn next<T>(&mut self, mut look: impl FnMut(&[u8]) -> T) -> T {
        look(&self.0.recv().expect("a message").expect("an open channel"))
    }

    #[inline(always)]
    fn all(&mut self, mut look: impl FnMut(&[u8])) {
        self.0.drain(|message, _| look(message)).expect("messages");
    }
}
