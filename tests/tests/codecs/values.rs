//! What the formats carry here: everything that a struct of a program is likely to have.

use std::collections::BTreeMap;

use myelon::rkyv::{Archive, Deserialize, Serialize};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

#[derive(Archive, Serialize, Deserialize, serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq)]
#[rkyv(crate = myelon::rkyv)]
pub(crate) struct Book {
    pub(crate) venue: String,
    pub(crate) sequence: u64,
    pub(crate) wide: u128,
    pub(crate) halted: bool,
    pub(crate) initial: Option<char>,
    pub(crate) bids: Vec<Level>,
    pub(crate) last: Option<Box<Level>>,
    pub(crate) notes: Vec<Note>,
    pub(crate) limits: BTreeMap<String, (i16, [u8; 3])>,
}

#[derive(Archive, Serialize, Deserialize, serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq)]
#[rkyv(crate = myelon::rkyv)]
pub(crate) struct Level {
    pub(crate) price: f64,
    pub(crate) qty: u32,
    pub(crate) flag: i8,
}

#[derive(Archive, Serialize, Deserialize, serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq)]
#[rkyv(crate = myelon::rkyv)]
pub(crate) enum Note {
    Nothing,
    Text(String),
    Range { from: i64, to: Option<i64> },
    Many(Vec<Vec<u16>>),
}

#[derive(Archive, Serialize, Deserialize, serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq)]
#[rkyv(crate = myelon::rkyv)]
pub(crate) struct Nothing;

fn level() -> impl Strategy<Value = Level> {
    (-1e9..1e9, any::<u32>(), any::<i8>()).prop_map(|(price, qty, flag)| Level { price, qty, flag })
}

fn note() -> impl Strategy<Value = Note> {
    prop_oneof![
        Just(Note::Nothing),
        ".{0,20}".prop_map(Note::Text),
        (any::<i64>(), any::<Option<i64>>()).prop_map(|(from, to)| Note::Range { from, to }),
        vec(vec(any::<u16>(), 0..4), 0..4).prop_map(Note::Many),
    ]
}

pub(crate) fn book() -> impl Strategy<Value = Book> {
    let plain = (".{0,12}", any::<u64>(), any::<u128>(), any::<bool>(), any::<Option<char>>());
    let nested = (
        vec(level(), 0..5),
        option::of(level().prop_map(Box::new)),
        vec(note(), 0..4),
        btree_map(".{0,6}", any::<(i16, [u8; 3])>(), 0..4),
    );
    (plain, nested).prop_map(|((venue, sequence, wide, halted, initial), (bids, last, notes, limits))| Book {
        venue,
        sequence,
        wide,
        halted,
        initial,
        bids,
        last,
        notes,
        limits,
    })
}

/// Memory as the ring gives it: aligned to 16 bytes, and full of what was there before.
pub(crate) struct Memory(Vec<u128>);

impl Memory {
    pub(crate) fn new(len: usize, filled: u8) -> Self {
        Self(vec![u128::from_ne_bytes([filled; 16]); len.div_ceil(16)])
    }

    pub(crate) fn holding(bytes: &[u8]) -> Self {
        let mut memory = Self::new(bytes.len(), 0xa5);
        memory.bytes()[..bytes.len()].copy_from_slice(bytes);
        memory
    }

    pub(crate) fn bytes(&mut self) -> &mut [u8] {
        bytemuck::cast_slice_mut(&mut self.0)
    }
}
