use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Tick {
    price: u64,
}

#[myelon::channel(codec = pod, capacity = "1 MiB")]
struct Ticks([Tick; 4]);

fn main() {}
