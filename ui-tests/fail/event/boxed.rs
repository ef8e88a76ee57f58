use myelon::RingEvent;

#[derive(RingEvent, Clone)]
#[repr(C)]
struct Note {
    text: Box<u64>,
}

fn main() {}
