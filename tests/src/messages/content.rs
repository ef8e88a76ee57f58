//! What messages hold: everything in them follows from the number of the message and its size.

use core::borrow::Borrow;

use myelon::RingEvent;
use myelon::rkyv::{Archive, Deserialize, Serialize};

use crate::channels::{Checked, TestEvent, Words24, mix, word};
use crate::schema::{Colour, Monster};

/// What is published.
pub trait TestPayload {
    type Made: Borrow<Self>;
    /// The message `sequence`, made of `size` bytes or other parts.
    fn made(sequence: u64, size: u64) -> Self::Made;
}

/// What is received.
pub trait Seen {
    /// Whether it is what [`TestPayload::made`] made.
    fn is_made(&self, sequence: u64, size: u64) -> bool;
}

/// The kind that a message of bytes gets, where its form gives it one.
pub fn kind_of(sequence: u64) -> u16 {
    mix(sequence | 1) as u16 | 1
}

/// Fills a message of bytes.
pub fn fill(sequence: u64, bytes: &mut [u8]) {
    let mut words = bytes.chunks_exact_mut(8);
    let mut index = 0;
    for chunk in &mut words {
        chunk.copy_from_slice(&word(sequence, index).to_le_bytes());
        index += 1;
    }
    let rest = words.into_remainder();
    let last = word(sequence, index).to_le_bytes();
    rest.copy_from_slice(&last[..rest.len()]);
}

/// Whether [`fill`] filled it.
pub fn is_filled(sequence: u64, bytes: &[u8]) -> bool {
    let words = bytes.chunks_exact(8);
    let (rest, count) = (words.remainder(), words.len() as u64);
    let last = word(sequence, count).to_le_bytes();
    words.zip(0..).all(|(chunk, index)| chunk == word(sequence, index).to_le_bytes())
        && *rest == last[..rest.len()]
}

impl TestPayload for [u8] {
    type Made = Vec<u8>;

    fn made(sequence: u64, size: u64) -> Vec<u8> {
        let mut bytes = vec![0; size as usize];
        fill(sequence, &mut bytes);
        bytes
    }
}

impl Seen for [u8] {
    fn is_made(&self, sequence: u64, size: u64) -> bool {
        self.len() as u64 == size && is_filled(sequence, self)
    }
}

impl TestPayload for Vec<u8> {
    type Made = Self;

    fn made(sequence: u64, size: u64) -> Self {
        <[u8]>::made(sequence, size)
    }
}

/// Read in place with rkyv.
#[derive(Archive, Serialize, Deserialize, Debug, PartialEq, Clone)]
#[rkyv(crate = myelon::rkyv, compare(PartialEq))]
pub struct Book {
    pub venue: String,
    pub number: u64,
    pub halted: bool,
    pub initial: Option<char>,
    pub levels: Vec<(u64, u16)>,
    pub last: Option<Box<(i32, u8)>>,
}

impl TestPayload for Book {
    type Made = Self;

    fn made(sequence: u64, size: u64) -> Self {
        let bits = word(sequence, 0);
        Self {
            venue: format!("venue {sequence} and {}", "x".repeat((bits % 20) as usize)),
            number: bits,
            halted: bits & 1 == 0,
            initial: char::from_u32((bits >> 7) as u32 & 0xffff),
            levels: (1..=size / 16).map(|at| (word(sequence, at), at as u16)).collect(),
            last: (bits & 2 == 0).then(|| Box::new((bits as i32, (bits >> 9) as u8))),
        }
    }
}

impl Seen for myelon::rkyv::Archived<Book> {
    fn is_made(&self, sequence: u64, size: u64) -> bool {
        *self == Book::made(sequence, size)
    }
}

impl Seen for Book {
    fn is_made(&self, sequence: u64, size: u64) -> bool {
        *self == Self::made(sequence, size)
    }
}

/// Read in place with rkyv, aligned to 16 bytes.
#[derive(Archive, Serialize, Deserialize, Debug, PartialEq, Clone)]
#[rkyv(crate = myelon::rkyv, compare(PartialEq))]
pub struct Wide {
    pub tag: u8,
    pub text: String,
    pub words: Vec<u128>,
    pub last: u128,
}

impl TestPayload for Wide {
    type Made = Self;

    fn made(sequence: u64, size: u64) -> Self {
        let wide = |at| u128::from(word(sequence, at)) << 64 | u128::from(word(sequence, !at));
        let tag = word(sequence, 0) as u8;
        Self {
            tag,
            text: "t".repeat(usize::from(tag)),
            words: (1..=size / 16).map(wide).collect(),
            last: wide(0),
        }
    }
}

impl Seen for myelon::rkyv::Archived<Wide> {
    fn is_made(&self, sequence: u64, size: u64) -> bool {
        let is_aligned = std::ptr::from_ref(self).addr() % 16 == 0 && self.words.as_ptr().addr() % 16 == 0;
        is_aligned && *self == Wide::made(sequence, size)
    }
}

impl Seen for Wide {
    fn is_made(&self, sequence: u64, size: u64) -> bool {
        *self == Self::made(sequence, size)
    }
}

/// Decoded, with serde.
#[derive(serde::Serialize, serde::Deserialize, Debug, PartialEq, Clone, Default)]
pub struct Order {
    pub id: u64,
    pub client: String,
    pub limit: Option<i64>,
    pub legs: Vec<Leg>,
}

/// A part of an [`Order`].
#[derive(serde::Serialize, serde::Deserialize, Debug, PartialEq, Clone)]
pub enum Leg {
    Market,
    At { price: i64, qty: u32 },
    Note(String),
}

impl TestPayload for Order {
    type Made = Self;

    fn made(sequence: u64, size: u64) -> Self {
        let bits = word(sequence, 0);
        let leg = |at: u64| match word(sequence, at) {
            bits if bits % 3 == 0 => Leg::Market,
            bits if bits % 3 == 1 => Leg::At { price: bits as i64, qty: (bits >> 40) as u32 },
            bits => Leg::Note(format!("{bits:x}")),
        };
        Self {
            id: bits,
            client: format!("client {}", bits % 1000),
            limit: (bits & 4 == 0).then_some(bits as i64),
            legs: (1..=size / 16).map(leg).collect(),
        }
    }
}

impl Seen for Order {
    fn is_made(&self, sequence: u64, size: u64) -> bool {
        *self == Self::made(sequence, size)
    }
}

/// An event of which slices travel, and which not every bit pattern is a value of.
#[derive(RingEvent, Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Bar {
    pub open: u64,
    pub close: u32,
    pub side: crate::channels::Side,
    pub pad: [u8; 3],
}

impl TestPayload for [Bar] {
    type Made = Vec<Bar>;

    fn made(sequence: u64, size: u64) -> Vec<Bar> {
        let bar = |at| {
            let bits = word(sequence, at);
            Bar { open: bits, close: bits as u32, side: Checked::make(bits).side, pad: [bits as u8; 3] }
        };
        (0..size / 16).map(bar).collect()
    }
}

impl Seen for [Bar] {
    fn is_made(&self, sequence: u64, size: u64) -> bool {
        *self == <[Bar]>::made(sequence, size)[..]
    }
}

macro_rules! events {
    ($($event:ident),*) => {$(
        impl TestPayload for $event {
            type Made = Self;
            fn made(sequence: u64, _: u64) -> Self {
                Self::make(sequence)
            }
        }

        impl Seen for $event {
            fn is_made(&self, sequence: u64, _: u64) -> bool {
                *self == Self::make(sequence)
            }
        }
    )*};
}

events!(Words24, Checked);

/// Owned values of what is read in place.
impl<T> Seen for Vec<T>
where
    [T]: Seen,
{
    fn is_made(&self, sequence: u64, size: u64) -> bool {
        self.as_slice().is_made(sequence, size)
    }
}

/// The numbers in a monster.
pub(super) fn monster(sequence: u64, size: u64) -> (i16, u64, Colour, Vec<u8>) {
    let bits = word(sequence, 0);
    (bits as i16, bits, Colour((bits % 3) as i8), <[u8]>::made(sequence, size))
}

impl Seen for Monster<'_> {
    fn is_made(&self, sequence: u64, size: u64) -> bool {
        let (hp, seen_ns, colour, raw) = monster(sequence, size);
        let parent = self.parent().is_some_and(|parent| parent.name() == self.name());
        self.name() == format!("monster {sequence}")
            && (self.hp(), self.seen_ns(), self.colour()) == (hp, seen_ns, colour)
            && self.raw().is_some_and(|seen| seen.bytes() == raw)
            && parent
            && self.weapons().is_some_and(|weapons| weapons.len() as u64 == sequence % 4)
    }
}
