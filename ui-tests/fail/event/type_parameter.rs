use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Quote<T> {
    price: T,
}

fn main() {}
