use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[myelon(crate = "myelon")]
#[repr(C)]
struct Quote {
    price: u64,
}

fn main() {}
