//! A channel as a program declared it that is old by now. `myelon-test-evolved`, compiled on its own, knows more kinds.

use myelon::codec::{Rkyv, ZeroCopy};
use myelon::{Error, MessageMeta, Sequence};

use super::content::{Book, Order, Seen};
use super::feed::{lane_of, of_one_lane};
use super::{Put, SHOWN, Shown, TestMessages, put};
use crate::channels::Words24;
use crate::form::{Publish, Receive};

/// How many kinds [`Story`] has here, and how many in the other program.
pub const OLD: u64 = 3;
pub const NEW: u64 = 5;

/// May get more kinds.
#[myelon::channel(capacity = "4 KiB", max_message = "64 KiB", evolves = true)]
pub enum Story {
    Tick(Words24),
    #[codec(postcard)]
    Order(Order),
    Note([u8]),
}

/// May not.
#[myelon::channel(capacity = "4 KiB", max_message = "64 KiB")]
pub enum Fixed {
    Tick(Words24),
    #[codec(postcard)]
    Order(Order),
    Note([u8]),
}

/// How messages of several kinds are published.
pub const FORMS: &[Publish] =
    &[Publish::Value, Publish::With, Publish::Slice, Publish::Batch, Publish::Claim];

/// What of a message follows from its number, whichever program published it.
fn is_of(meta: MessageMeta, kind: u16) -> bool {
    meta.kind == kind && [OLD, NEW].iter().any(|lanes| lane_of(meta.sequence, *lanes) == kind)
}

/// What a kind is for those who do not know it: bytes, aligned like all payloads.
fn is_unknown_right(meta: MessageMeta, size: u64, kind: u16, bytes: &[u8]) -> bool {
    let is_right = match kind {
        3 => <Rkyv as ZeroCopy<Book>>::view(bytes).is_ok_and(|book| book.is_made(meta.sequence, size)),
        4 => bytes.is_made(meta.sequence, size),
        _ => false,
    };
    is_right && is_of(meta, kind) && bytes.as_ptr().addr() % 16 == 0
}

macro_rules! old {
    ($($name:ident $producer:ident $shown:ident |$meta:ident, $size:ident| { $($unknown:tt)* };)*) => {$(
        impl TestMessages for $name {
            const PUBLISH: &'static [Publish] = FORMS;
            const RECEIVE: &'static [Receive] = SHOWN;

            fn put(tx: &mut $producer, put: &Put<'_>) -> Result<Sequence, Error> {
                let put = &of_one_lane(put);
                match lane_of(put.first, OLD) {
                    0 => put::values(tx.tick(), put),
                    1 => put::values(tx.order(), put),
                    _ => put::bytes(tx.note(), put),
                }
            }

            fn is_right($meta: MessageMeta, $size: u64, message: Shown<'_, Self>) -> bool {
                match message {
                    $shown::Tick(tick) => is_of($meta, 0) && tick.is_made($meta.sequence, $size),
                    $shown::Order(order) => is_of($meta, 1) && order.is_made($meta.sequence, $size),
                    $shown::Note(bytes) => is_of($meta, 2) && bytes.is_made($meta.sequence, $size),
                    $($unknown)*
                }
            }

            crate::test_ends!();
        }
    )*};
}

old! {
    Story StoryProducer StoryRef |meta, size| {
        StoryRef::Unknown { kind, bytes } => is_unknown_right(meta, size, kind, bytes),
    };
    // There is no other kind.
    Fixed FixedProducer FixedRef |meta, size| {};
}
