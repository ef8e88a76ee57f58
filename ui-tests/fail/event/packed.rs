use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C, packed)]
struct Quote {
    side: u8,
    price: u64,
}

fn main() {}
