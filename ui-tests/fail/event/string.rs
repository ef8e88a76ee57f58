use myelon::RingEvent;

#[derive(RingEvent, Clone)]
#[repr(C)]
struct Note {
    text: std::string::String,
}

fn main() {}
