//! Several kinds of messages on one ring: every format that there is, in one stream.

use myelon::{Error, MessageMeta, PublishError, Sequence};

use super::content::{Bar, Book, Order, Seen};
use super::formats::{Backward, Packet, Summed};
use super::put::Crash;
use super::{Claim, Put, SHOWN, Shown, TestMessages, put};
use crate::channels::{Checked, Words24, mix};
use crate::form::{Publish, Receive};
use crate::schema::Monster;

/// Everything that happens.
#[myelon::channel(capacity = "8 KiB", max_message = "64 KiB", evolves = true)]
pub enum Feed {
    Tick(Words24),
    #[zero_copy(rkyv)]
    Book(Book),
    #[codec(postcard)]
    Order(Order),
    #[codec(pod)]
    Bars([Bar]),
    /// One that not every bit pattern is a value of.
    Fill(Checked),
    #[zero_copy(flatbuffers)]
    Monster(Monster<'_>),
    #[zero_copy(Summed)]
    Sum(Packet),
    #[codec(Backward)]
    Back(Vec<u8>),
    Note([u8]),
}

/// How many kinds [`Feed`] has.
pub const LANES: u64 = 9;
/// The lane `note`.
pub const NOTE: u16 = 8;

/// How many messages in a row are of one kind.
const RUN: u64 = 4;

/// The kind of the message `sequence` in a stream of so many kinds; runs of a few are of one kind.
pub fn lane_of(sequence: u64, lanes: u64) -> u16 {
    (mix(sequence / RUN) % lanes) as u16
}

/// The same publish, cut to the messages of one kind.
pub fn of_one_lane<'a>(put: &Put<'a>) -> Put<'a> {
    Put { run: put.run.min(RUN - put.first % RUN), ..*put }
}

impl TestMessages for Feed {
    const PUBLISH: &'static [Publish] =
        &[Publish::Value, Publish::With, Publish::Slice, Publish::Batch, Publish::Claim];
    const RECEIVE: &'static [Receive] = SHOWN;

    fn put(tx: &mut FeedProducer, put: &Put<'_>) -> Result<Sequence, Error> {
        let put = &of_one_lane(put);
        match lane_of(put.first, LANES) {
            0 => put::values(tx.tick(), put),
            1 => put::values(tx.book(), put),
            2 => put::values(tx.order(), put),
            3 => put::values(tx.bars(), put),
            4 => put::values(tx.fill(), put),
            5 => put::monsters(tx.monster(), put),
            6 => put::values(tx.sum(), put),
            7 => put::values(tx.back(), put),
            _ => put::bytes(tx.note(), put),
        }
    }

    fn claim(tx: &mut FeedProducer, max: usize) -> Result<impl Claim, PublishError> {
        tx.note().claim(max)
    }

    fn crash(tx: &mut FeedProducer, crash: &Crash<'_>) {
        put::crash(tx.note(), crash);
    }

    fn is_right(meta: MessageMeta, size: u64, message: Shown<'_, Self>) -> bool {
        let number = meta.sequence;
        let (kind, is_made) = match message {
            FeedRef::Tick(tick) => (0, tick.is_made(number, size)),
            FeedRef::Book(book) => (1, book.is_made(number, size)),
            FeedRef::Order(order) => (2, order.is_made(number, size)),
            FeedRef::Bars(bars) => (3, bars.is_made(number, size)),
            FeedRef::Fill(fill) => (4, fill.is_made(number, size)),
            FeedRef::Monster(monster) => (5, monster.is_made(number, size)),
            FeedRef::Sum(bytes) => (6, bytes.is_made(number, size)),
            FeedRef::Back(bytes) => (7, bytes.is_made(number, size)),
            FeedRef::Note(bytes) => (NOTE, bytes.is_made(number, size)),
            // Nobody sends any.
            FeedRef::Unknown { .. } => return false,
        };
        is_made && (meta.kind, lane_of(number, LANES)) == (kind, kind)
    }

    crate::test_ends!();
}
