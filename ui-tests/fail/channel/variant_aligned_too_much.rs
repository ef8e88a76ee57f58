use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C, align(32))]
struct Wide {
    words: [u64; 4],
}

#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Wide(Wide),
}

fn main() {}
