use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Quote<'a> {
    name: &'a u8,
}

fn main() {}
