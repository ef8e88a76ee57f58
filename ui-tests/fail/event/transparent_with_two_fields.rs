use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(transparent)]
struct Price(u64, [u8; 0]);

fn main() {}
