use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Tick {
    price: u64,
}

const SLOTS: usize = 3 * 512;

#[myelon::channel(capacity = SLOTS)]
struct Ticks(Tick);

fn main() {}
