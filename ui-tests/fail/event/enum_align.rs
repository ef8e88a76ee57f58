use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(u8, align(4))]
enum Side {
    Bid,
    Ask,
}

fn main() {}
