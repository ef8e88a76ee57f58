use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Note {
    text: &'static [u8; 4],
}

fn main() {}
