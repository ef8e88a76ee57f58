use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Note {
    call: fn(u8) -> u8,
}

fn main() {}
