use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
enum Side {}

fn main() {}
