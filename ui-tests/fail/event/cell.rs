use myelon::RingEvent;

#[derive(RingEvent, Clone)]
#[repr(C)]
struct Note {
    count: std::cell::Cell<u64>,
}

fn main() {}
