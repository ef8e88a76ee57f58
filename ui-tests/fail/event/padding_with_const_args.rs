use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Text<const N: usize> {
    len: u32,
    bytes: [u8; N],
}

#[myelon::channel(capacity = 8)]
struct Fits(Text<4>);

#[myelon::channel(capacity = 8)]
struct Padded(Text<5>);

fn main() {}
