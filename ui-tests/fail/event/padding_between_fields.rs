use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Quote {
    side: u8,
    price: u64,
    flags: u16,
    qty: u32,
}

fn main() {}
