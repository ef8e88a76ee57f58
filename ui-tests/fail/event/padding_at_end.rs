use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Quote {
    price: u64,
    qty: u32,
    side: u8,
}

fn main() {}
