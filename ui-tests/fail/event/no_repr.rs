use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
struct Quote {
    price: u64,
}

fn main() {}
