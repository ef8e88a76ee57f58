use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
enum Side {
    Bid,
    Ask,
}

fn main() {}
