//! A book of bids and offers, as each process keeps one.

use std::collections::BTreeMap;
use std::fmt;

use crate::feed::{ArchivedBookSnapshot, ArchivedLevel, BookSnapshot, Delta, Level, Side};

/// What is bid and what is asked, by price.
#[derive(Default)]
pub(crate) struct Book {
    bids: BTreeMap<i64, u64>,
    asks: BTreeMap<i64, u64>,
}

/// Price and quantity of the best bid and the best offer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Best {
    pub(crate) bid: Option<(i64, u64)>,
    pub(crate) ask: Option<(i64, u64)>,
}

impl Book {
    /// The book that a snapshot describes.
    pub(crate) fn of(snapshot: &ArchivedBookSnapshot) -> Self {
        Self {
            bids: snapshot.bids.iter().map(numbers).collect(),
            asks: snapshot.asks.iter().map(numbers).collect(),
        }
    }

    pub(crate) fn apply(&mut self, delta: &Delta) {
        let side = match delta.side {
            Side::Bid => &mut self.bids,
            Side::Ask => &mut self.asks,
        };
        if delta.quantity == 0 {
            side.remove(&delta.price);
        } else {
            side.insert(delta.price, delta.quantity);
        }
    }

    pub(crate) fn quantity(&self, side: Side, price: i64) -> u64 {
        let side = match side {
            Side::Bid => &self.bids,
            Side::Ask => &self.asks,
        };
        side.get(&price).copied().unwrap_or(0)
    }

    pub(crate) fn best(&self) -> Best {
        Best { bid: self.bids().next(), ask: self.asks().next() }
    }

    /// Whether this is the book that a snapshot describes. Nothing is copied or decoded for it.
    pub(crate) fn agrees(&self, snapshot: &ArchivedBookSnapshot) -> bool {
        self.bids().eq(snapshot.bids.iter().map(numbers)) && self.asks().eq(snapshot.asks.iter().map(numbers))
    }

    /// Describes it in a snapshot, whose memory is used again.
    pub(crate) fn describe(&self, deltas: u64, is_last: bool, snapshot: &mut BookSnapshot) {
        let level = |(price, quantity)| Level { price, quantity };
        (snapshot.deltas, snapshot.is_last) = (deltas, is_last);
        snapshot.bids.clear();
        snapshot.bids.extend(self.bids().map(level));
        snapshot.asks.clear();
        snapshot.asks.extend(self.asks().map(level));
    }

    /// The best first.
    fn bids(&self) -> impl Iterator<Item = (i64, u64)> {
        self.bids.iter().rev().map(|(price, quantity)| (*price, *quantity))
    }

    /// The best first.
    fn asks(&self) -> impl Iterator<Item = (i64, u64)> {
        self.asks.iter().map(|(price, quantity)| (*price, *quantity))
    }
}

/// Of a level in shared memory, where numbers have a byte order of their own.
fn numbers(level: &ArchivedLevel) -> (i64, u64) {
    (level.price.to_native(), level.quantity.to_native())
}

impl fmt::Display for Best {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |of: Option<(i64, u64)>| match of {
            Some((price, quantity)) => format!("{:.2} x {quantity}", price as f64 / 100.0),
            None => "nothing".to_owned(),
        };
        write!(f, "bid {:<14} ask {}", text(self.bid), text(self.ask))
    }
}
