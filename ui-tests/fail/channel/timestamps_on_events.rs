use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Tick {
    price: u64,
}

#[myelon::channel(capacity = 1024, timestamps = true)]
struct Ticks(Tick);

fn main() {}
