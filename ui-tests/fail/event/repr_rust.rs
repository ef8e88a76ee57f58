use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(Rust)]
struct Quote {
    price: u64,
}

fn main() {}
