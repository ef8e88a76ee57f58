use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Tick {
    price: u64,
}

#[myelon::channel(capacity = 8_589_934_592)]
struct Ticks(Tick);

fn main() {}
