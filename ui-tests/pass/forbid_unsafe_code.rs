//! The expansion needs no `unsafe` of the user's.
#![forbid(unsafe_code)]
#![deny(warnings)]

use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy, Debug)]
#[repr(C)]
pub struct Tick {
    pub price: u64,
    pub qty: u32,
    pub side: Side,
    pub _pad: [u8; 3],
}

#[derive(RingEvent, Clone, Copy, Debug)]
#[repr(u8)]
pub enum Side {
    Bid = 1,
    Ask = 2,
}

#[derive(RingEvent, Clone, Copy, Debug)]
#[repr(C)]
pub struct Text<const N: usize> {
    pub bytes: [u8; N],
}

#[myelon::channel(capacity = 1024)]
pub struct Ticks(Tick);

fn main() {
    assert_eq!(Tick::BLANK.qty, 0);
    assert_eq!(Text::<4>::BLANK.bytes, [0; 4]);
}
