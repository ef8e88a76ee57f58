use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(u8)]
struct Quote {
    price: u64,
}

fn main() {}
