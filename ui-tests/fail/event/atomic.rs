use myelon::RingEvent;

#[derive(RingEvent)]
#[repr(C)]
struct Note {
    count: std::sync::atomic::AtomicU64,
}

fn main() {}
