use myelon::RingEvent;

#[derive(RingEvent)]
#[repr(u8)]
enum Side {
    Bid,
    Ask,
}

fn main() {}
