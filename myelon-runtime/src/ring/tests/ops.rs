//! What may happen to a ring, in random order.

use proptest::prelude::*;

use super::super::join::Start;

pub(super) const ENTRIES: u32 = 3;

#[derive(Debug, Clone, Copy)]
pub(super) enum Op {
    Scan,
    Publish(u64),
    /// Writes some slots of a batch, stamps some of them, dies; a successor takes over.
    Die {
        written: u64,
        stamped: u64,
    },
    /// Claims an entry and stores a provisional cursor; whatever comes next may delay the rest.
    Claim(u32, Start),
    /// The rest of joining.
    Join(u32),
    Look(u32, u64),
    Acknowledge(u32, u64),
    Leave(u32),
    /// A consumer dies, with its entry as it is.
    Kill(u32),
    Evict(u32),
    /// The next consumer with the same id.
    Return(u32),
    /// The same, and it wants to start elsewhere.
    Move(u32, Start),
    Lossy,
}

pub(super) fn ops() -> impl Strategy<Value = Vec<Op>> {
    let entry = 0..ENTRIES;
    let start = prop_oneof![
        Just(Start::Latest),
        Just(Start::Oldest),
        Just(Start::Resume),
        (0..64u64).prop_map(Start::At)
    ];
    let op = prop_oneof![
        2 => Just(Op::Scan),
        8 => (1..4u64).prop_map(Op::Publish),
        1 => (0..4u64, 0..4u64).prop_map(|(written, stamped)| Op::Die { written, stamped }),
        3 => (entry.clone(), start.clone()).prop_map(|(entry, start)| Op::Claim(entry, start)),
        4 => entry.clone().prop_map(Op::Join),
        8 => (entry.clone(), 1..9u64).prop_map(|(entry, most)| Op::Look(entry, most)),
        8 => (entry.clone(), 1..9u64).prop_map(|(entry, count)| Op::Acknowledge(entry, count)),
        1 => entry.clone().prop_map(Op::Leave),
        1 => entry.clone().prop_map(Op::Kill),
        2 => entry.clone().prop_map(Op::Evict),
        2 => entry.clone().prop_map(Op::Return),
        2 => (entry, start.clone()).prop_map(|(entry, start)| Op::Move(entry, start)),
        4 => Just(Op::Lossy),
    ];
    prop::collection::vec(op, 1..200)
}
