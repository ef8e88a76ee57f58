use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Note {
    text: Option<&'static u8>,
}

fn main() {}
