//! A program may be generic over the channel, or over the event.

use myelon::{Channel, RingEvent};

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

fn main() {
    assert_eq!(bytes::<Ticks>() + bytes::<Numbers>(), 192);
    assert_eq!(blank::<Ticks, _>().price, blank::<Numbers, _>());
}
