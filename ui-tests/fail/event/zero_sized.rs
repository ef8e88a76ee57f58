use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Beat {
    nothing: [u64; 0],
}

fn main() {}
