use myelon::RingEvent;

#[derive(RingEvent, Clone)]
#[repr(C)]
struct Note {
    text: Vec<u8>,
}

fn main() {}
