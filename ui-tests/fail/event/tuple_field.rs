use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Note {
    pair: (u32, u32),
}

fn main() {}
