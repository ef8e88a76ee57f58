use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Quote {
    #[myelon(crate = myelon)]
    price: u64,
}

fn main() {}
