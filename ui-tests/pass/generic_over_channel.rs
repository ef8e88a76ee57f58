//! A program may be generic over the channel, or over the event.

use myelon::{Channel, Declared, Encode, Location, LossyBuilder, MessageChannel, MessageProducer, RingEvent};

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Tick {
    price: u64,
}

#[myelon::channel(capacity = 8)]
struct Ticks(Tick);

#[myelon::channel(capacity = 16)]
struct Numbers(u64);

fn bytes<C: Channel>() -> u64 {
    C::CONFIG.capacity * <C::Event as RingEvent>::SCHEMA.size
}

fn blank<C: Channel<Event = E>, E: RingEvent>() -> E {
    E::BLANK
}

#[myelon::channel(capacity = "1 KiB")]
enum Feed {
    Tick(Tick),
    #[codec(pod)]
    Ticks([Tick]),
}

#[myelon::channel(codec = postcard, capacity = "1 KiB")]
struct Texts(String);

fn lanes<C: MessageChannel>() -> usize {
    C::LANES.len()
}

fn name<C: Declared>() -> u64 {
    C::CAPACITY
}

fn send<L: Encode>(lane: &mut MessageProducer<L>, item: &L::Item) -> u64 {
    lane.publish(item).unwrap()
}

fn watch<C: Channel>(at: &Location) -> Option<C::Event> {
    let mut watching = LossyBuilder::<C>::new(at).build().unwrap();
    watching.try_recv().ok().flatten()
}

fn watch_messages<C: MessageChannel>(at: &Location) -> bool {
    let mut watching = LossyBuilder::<C>::new(at).build().unwrap();
    watching.try_recv().is_ok()
}

fn main() {
    let at = Location::anonymous().unwrap();
    let _tx = Ticks::create(&at).unwrap();
    assert!(watch::<Ticks>(&at).is_none());
    let at = Location::anonymous().unwrap();
    let _tx = Feed::create(&at).unwrap();
    assert!(!watch_messages::<Feed>(&at));
    assert_eq!((lanes::<Feed>(), lanes::<Texts>(), name::<Feed>(), name::<Ticks>()), (2, 1, 1024, 8));
    let mut tx = Feed::create(Location::anonymous().unwrap()).unwrap();
    assert_eq!(send(tx.tick(), &Tick { price: 1 }), 0);
    assert_eq!(send(tx.ticks(), &[Tick { price: 1 }]), 1);
    let mut tx = Texts::create(Location::anonymous().unwrap()).unwrap();
    assert_eq!(send(&mut tx, &"text".to_owned()), 0);
    assert_eq!(bytes::<Ticks>() + bytes::<Numbers>(), 192);
    assert_eq!(blank::<Ticks, _>().price, blank::<Numbers, _>());
}
