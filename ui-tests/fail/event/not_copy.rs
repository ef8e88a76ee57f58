use myelon::RingEvent;

#[derive(RingEvent)]
#[repr(C)]
struct Quote {
    price: u64,
}

fn main() {}
