use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Tick {
    price: u64,
}

#[myelon::channel(capacity = 1000, wiat = spin, wait = sleep, version = -1, optimize = latency, optimize = throughput)]
#[derive(Debug)]
pub struct Ticks<T>(pub T, usize);

fn main() {}
