use myelon::RingEvent;

#[derive(Clone, Copy)]
struct Price(u64);

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Quote {
    price: Price,
}

fn main() {}
