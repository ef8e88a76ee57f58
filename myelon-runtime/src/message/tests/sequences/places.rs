//! Going to a place in the ring, and what is published there.

use super::UNIT;
use super::ops::{Edge, Exit, Fill, From, Len, Take};
use super::world::World;
use crate::ring::Start;

/// Payloads of every sort, one after the other.
pub(super) fn fill(index: u64) -> Fill {
    match index % 4 {
        0 => Fill::Headers(index),
        1 => Fill::Old(index),
        2 => Fill::Words(index),
        _ => Fill::Pattern(index),
    }
}

/// Lengths about a record, and about each of its units.
pub(super) const SHORT: [Len; 12] = [
    Len::Small(0),
    Len::Small(1),
    Len::Small(15),
    Len::Small(16),
    Len::Small(17),
    Len::Small(32),
    Len::Near(Edge::Record, -33),
    Len::Near(Edge::Record, -32),
    Len::Near(Edge::Record, -17),
    Len::Near(Edge::Record, -16),
    Len::Near(Edge::Record, -1),
    Len::Near(Edge::Record, 0),
];

/// Lengths of messages that are cut.
pub(super) const LONG: [Len; 9] = [
    Len::Near(Edge::Record, 1),
    Len::Near(Edge::Records(2), 0),
    Len::Near(Edge::Records(2), 1),
    Len::Near(Edge::HalfRing, 0),
    Len::Near(Edge::HalfRing, 1),
    Len::Near(Edge::Records(3), 16),
    Len::Near(Edge::Ring, 0),
    Len::Near(Edge::Ring, 1),
    Len::Part(2300),
];

impl World {
    /// Units of the largest record of a whole message.
    fn most_units(&self) -> u64 {
        self.model.quantum() - 1 + u64::from(self.timestamps)
    }

    /// Publishes a record of so many units, or more where it has to be padded; there is room for it.
    pub(super) fn publish_units(&mut self, units: u64) {
        let head = 1 + u64::from(self.timestamps);
        assert!(units <= self.most_units());
        let bytes = vec![0xee; (units.max(head) - head) as usize * UNIT];
        let gate = self.gate();
        self.tx().try_publish(&bytes).unwrap();
        self.model.put(0, &bytes, gate, true);
    }

    /// Receives all that is there.
    pub(super) fn receive_all(&mut self, who: usize) {
        while self.receive(who, Take::Lease) {}
    }

    /// Goes on until the next record begins at this offset in the ring; the first consumer, which is the only one, receives
    /// everything. Where no record ends, because none is so short, it is one further on.
    pub(super) fn go_to(&mut self, offset: u64) {
        let (least, most) = (1 + u64::from(self.timestamps), self.most_units());
        let offset = if offset == 0 { 0 } else { offset.max(least) };
        loop {
            let capacity = self.model.capacity;
            self.receive_all(0);
            let at = self.model.published % capacity;
            if at == offset {
                return;
            }
            // To the end of the ring first, if it lies between.
            let left = if at < offset { offset } else { capacity } - at;
            // Not so that less is left than a record takes.
            let units = left.min(most);
            let units = if units < left && left - units < least { units - 1 } else { units };
            self.publish_units(units.max(least));
        }
    }

    /// Attaches, receives all that it should, and leaves.
    pub(super) fn visit(&mut self, who: usize, start: From) {
        self.attach(who, start, false);
        self.receive_all(who);
        self.leave(who, Exit::Close);
    }

    /// All starts that there are, and some that there are not.
    pub(super) fn visit_everywhere(&mut self, who: usize) {
        for start in [From::Default, From::Latest, From::Oldest, From::Resume, From::Ahead] {
            self.visit(who, start);
        }
        let oldest = self.model.oldest();
        let there = self.model.messages.iter().rev().take_while(|message| message.begin >= oldest).count();
        for behind in 0..there as u64 + 2 {
            self.visit(who, From::Behind(behind));
        }
    }

    /// Whether a start at this number is to be had.
    pub(super) fn has(&self, number: u64) -> bool {
        self.place(Start::At(number), u64::MAX).is_ok()
    }
}
