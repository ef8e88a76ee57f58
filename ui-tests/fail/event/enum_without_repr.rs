use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
enum Side {
    Bid,
    Ask,
}

fn main() {}
