use myelon::RingEvent;

#[derive(Clone, Copy)]
struct Price(u64);

#[derive(RingEvent)]
#[repr(C)]
struct Quote<'a> {
    len: usize,
    name: &'a str,
}

#[derive(RingEvent)]
#[repr(C)]
struct Trade {
    len: usize,
    side: u8,
    qty: u32,
    price: Price,
    flags: u16,
}

fn main() {}
