//! bytemuck's traits are there exactly where every field has them, and missing ones are no error.

use bytemuck::{Pod, Zeroable};
use core::num::NonZeroU32;
use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct AllPlain {
    id: Option<NonZeroU32>,
    price: f32,
    nested: Nested,
    matrix: [[u16; 2]; 2],
}

#[derive(RingEvent, Clone, Copy)]
#[repr(transparent)]
struct Nested(u64);

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct WithBool {
    price: u32,
    ask: bool,
    letter: [u8; 3],
}

#[derive(RingEvent, Clone, Copy)]
#[repr(u8)]
enum FromZero {
    Bid,
    Ask,
}

#[derive(RingEvent, Clone, Copy)]
#[repr(u8)]
enum FromOne {
    Bid = 1,
    Ask = 2,
}

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct WithZero {
    side: FromZero,
}

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct WithOne {
    side: FromOne,
}

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Bytes<const N: usize> {
    len: u8,
    bytes: [u8; N],
}

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Mixed<const N: usize> {
    len: u32,
    bytes: [u8; N],
}

#[derive(RingEvent, Clone, Copy)]
#[repr(C, align(8))]
struct Aligned<const N: usize> {
    bytes: [u8; N],
}

/// `HAS` is that of the impl if the bound holds, else that of the trait.
struct IsPod<T>(core::marker::PhantomData<T>);
struct IsZeroable<T>(core::marker::PhantomData<T>);
trait Otherwise {
    const HAS: bool = false;
}
impl<T> Otherwise for IsPod<T> {}
impl<T> Otherwise for IsZeroable<T> {}
impl<T: Pod> IsPod<T> {
    const HAS: bool = true;
}
impl<T: Zeroable> IsZeroable<T> {
    const HAS: bool = true;
}

fn main() {
    assert!(IsPod::<AllPlain>::HAS && IsZeroable::<AllPlain>::HAS);
    assert!(!IsPod::<WithBool>::HAS && IsZeroable::<WithBool>::HAS);
    assert!(!IsPod::<FromZero>::HAS && IsZeroable::<FromZero>::HAS);
    assert!(!IsPod::<FromOne>::HAS && !IsZeroable::<FromOne>::HAS);
    assert!(!IsPod::<WithZero>::HAS && IsZeroable::<WithZero>::HAS);
    assert!(!IsPod::<WithOne>::HAS && !IsZeroable::<WithOne>::HAS);
    // With const parameters only what can have no padding for any of them.
    assert!(IsPod::<Bytes<3>>::HAS && IsZeroable::<Bytes<3>>::HAS);
    assert!(!IsPod::<Mixed<4>>::HAS && IsZeroable::<Mixed<4>>::HAS);
    assert!(!IsPod::<Aligned<8>>::HAS && IsZeroable::<Aligned<8>>::HAS);

    assert_eq!(bytemuck::bytes_of(&AllPlain::BLANK), [0; 24]);
    assert_eq!(bytemuck::from_bytes::<Bytes<3>>(&[2, b'a', b'b', 0]).bytes, *b"ab\0");
    let _ = (FromZero::Ask, FromOne::Ask);
}
