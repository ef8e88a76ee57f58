//! Users' names that are also ours do not get mixed up.

use myelon::RingEvent;

#[allow(dead_code)]
struct Part;
#[allow(dead_code)]
struct Field;
#[allow(dead_code)]
const F0: usize = 3;
const V0: u8 = 9;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Schema {
    at: [u8; F0],
    blank: u8,
    proof: u32,
}

#[derive(RingEvent, Clone, Copy)]
#[repr(u8)]
enum Kind {
    BLANK,
    SCHEMA = V0,
    Channel,
}

#[myelon::channel(capacity = 8)]
struct Channel(Schema);

#[myelon::channel(capacity = 8)]
struct Producer(Kind);

fn main() {
    assert_eq!(<Schema as RingEvent>::SCHEMA.size, 8);
    assert!(matches!(<Kind as RingEvent>::BLANK, Kind::BLANK));
    let _ = (Kind::SCHEMA, Kind::Channel);
    fn takes(_: ChannelProducer, _: ProducerConsumer, _: ProducerProducer) {}
    let _ = takes;
}
