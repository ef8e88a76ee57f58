use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Tick {
    price: u64,
}

#[myelon::channel(capacity = 1024, max_message = "64 MiB")]
struct Ticks(Tick);

fn main() {}
