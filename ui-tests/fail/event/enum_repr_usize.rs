use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(usize)]
enum Side {
    Bid,
    Ask,
}

fn main() {}
