use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(u8)]
enum Order {
    Cancel,
    Limit(),
}

fn main() {}
