use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Tick {
    price: u64,
}

#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Bars([Tick]),
}

fn main() {}
