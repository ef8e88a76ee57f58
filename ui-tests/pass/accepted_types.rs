//! Everything that may be a field.
#![deny(warnings)]

use core::num::{NonZero, NonZeroI128, NonZeroU16};
use myelon::RingEvent;

type Id = u64;
const LEN: usize = 2;

macro_rules! bytes {
    ($n:literal) => { [u8; $n] };
}

macro_rules! event {
    ($name:ident, $ty:ty, $($more:ident: $types:ty),*) => {
        #[derive(RingEvent, Clone, Copy)]
        #[repr(C)]
        pub struct $name {
            pub first: $ty,
            $(pub $more: $types,)*
        }
    };
}
event!(FromMacro, u32, a: [u16; 1], b: Side, c: u8);

#[derive(RingEvent, Clone, Copy)]
#[repr(C, align(16))]
pub struct All {
    pub big: u128,
    pub small: i128,
    pub id: Id,
    pub real: f64,
    pub optional: Option<NonZero<u64>>,
    pub short: [f32; Self::FLOATS],
    pub nested: [[Side; LEN]; 2],
    pub yes: bool,
    pub pad: [u8; 9],
    pub half: Option<NonZeroU16>,
    pub huge: Option<NonZeroI128>,
    pub letter: char,
    pub text: bytes!(4),
    pub i8: i8,
    pub u8: core::primitive::u8,
    pub i16: i16,
    pub i32: i32,
    pub pair: Pair,
    pub price: Price,
    pub none: [u64; 0],
    pub from_macro: FromMacro,
    pub signed: Signed,
}

impl All {
    const FLOATS: usize = 2;
}

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
pub struct Pair(pub u32, pub u32);

#[derive(RingEvent, Clone, Copy)]
#[repr(transparent)]
pub struct Price(pub i64);

#[derive(RingEvent, Clone, Copy)]
#[repr(u8)]
pub enum Side {
    Bid = b'B',
    Ask = b'A',
}

#[derive(RingEvent, Clone, Copy)]
#[repr(i64)]
pub enum Signed {
    Least = i64::MIN,
    Most = i64::MAX,
}

fn main() {
    assert_eq!(size_of::<All>() as u64, All::SCHEMA.size);
    assert!(All::CHECKED);
    assert!(matches!(Side::BLANK, Side::Bid));
}
