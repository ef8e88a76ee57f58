use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C, align(64))]
struct Quote {
    price: u64,
}

fn main() {}
