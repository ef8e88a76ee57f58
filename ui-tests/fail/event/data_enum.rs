use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(u8)]
enum Order {
    Cancel,
    Limit(u64),
    Stop { at: u64 },
}

fn main() {}
