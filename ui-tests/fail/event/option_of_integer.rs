use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Note {
    reply_to: Option<u64>,
}

fn main() {}
