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

#[myelon::channel(
    capacity = 8,
    consumers(error, err, ok, all, producer, attach, declared, time(required(stall = "1 s")), string(lossy))
)]
struct Producer(Kind);

// As what an expansion has inside.
#[allow(dead_code)]
mod traps {
    pub struct Held;
    pub struct Lane0;
    pub struct Format;
    pub struct Family;
}
#[allow(unused_imports)]
use traps::*;

#[myelon::channel(codec = pod, capacity = 4096)]
struct Format2([Schema]);

#[myelon::channel(capacity = 4096, evolves = true)]
enum Frames {
    Held(Schema),
    Kind(Kind),
    V0(u64),
    V1([u8]),
    Ok([u8]),
    Err([u8]),
    Self_([u8]),
    Frames([u8]),
    FramesRef([u8]),
    Ref([u8]),
}

fn main() {
    assert_eq!(<Schema as RingEvent>::SCHEMA.size, 8);
    assert!(matches!(<Kind as RingEvent>::BLANK, Kind::BLANK));
    let _ = (ProducerConsumerId::Error, ProducerConsumerId::Err, ProducerConsumerId::ALL, Producer::attach_attach("names"));
    let _ = (Kind::SCHEMA, Kind::Channel);
    fn takes(_: ChannelProducer, _: ProducerConsumer, _: ProducerProducer) {}
    let _ = takes;
    fn kinds(tx: &mut FramesProducer, message: FramesRef<'_>) {
        let _ = (tx.held().sequence(), tx.v0().sequence(), tx.ok().sequence(), tx.self_().sequence());
        let _ = (tx.frames().sequence(), tx.frames_ref().sequence(), tx.r#ref().sequence());
        match message {
            FramesRef::Held(held) => assert_eq!(held.blank, 0),
            FramesRef::Unknown { kind: _, bytes: _ } => {}
            _ => {}
        }
    }
    let _ = kinds;
    fn takes_one(_: Format2Producer) {}
    let _ = takes_one;
}
