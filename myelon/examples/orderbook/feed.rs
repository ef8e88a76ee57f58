//! The channel, and the three kinds of message on it.

use myelon::{RingEvent, rkyv};

/// A change of the book: how much there is at a price now.
#[derive(RingEvent, Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Delta {
    /// In hundredths.
    pub(crate) price: i64,
    /// 0: nothing any more.
    pub(crate) quantity: u64,
    pub(crate) side: Side,
    pub(crate) _pad: [u8; 7],
}

/// Its byte is checked before anyone gets to see it as a `Side`.
#[derive(RingEvent, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Side {
    Bid = 1,
    Ask = 2,
}

/// The whole book.
#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize, Debug, Default)]
#[rkyv(crate = myelon::rkyv)]
pub(crate) struct BookSnapshot {
    /// After how many changes.
    pub(crate) deltas: u64,
    /// No change comes after it.
    pub(crate) is_last: bool,
    /// The best first.
    pub(crate) bids: Vec<Level>,
    /// The best first.
    pub(crate) asks: Vec<Level>,
}

/// How much there is at a price.
#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize, Debug)]
#[rkyv(crate = myelon::rkyv)]
pub(crate) struct Level {
    pub(crate) price: i64,
    pub(crate) quantity: u64,
}

/// Changes and snapshots, in the order in which they happened: that is why they share a channel. Generates
/// `FeedProducer` with a lane for each kind, `FeedConsumer`, and `FeedRef` to match on.
#[myelon::channel(capacity = "4 MiB")]
pub(crate) enum Feed {
    /// A change.
    Delta(Delta),
    /// The whole book, read where it lies.
    #[zero_copy(rkyv)]
    Book(BookSnapshot),
    /// Something for people.
    Note([u8]),
}
