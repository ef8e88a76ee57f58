//! A newer program: it knows more kinds of messages of the channels of `myelon_tests::messages::story`.

use myelon::{Error, MessageMeta, Sequence};
use myelon_tests::channels::Words24;
use myelon_tests::form::{Publish, Receive};
use myelon_tests::messages::feed::{lane_of, of_one_lane};
use myelon_tests::messages::put::{self, Put};
use myelon_tests::messages::story::{FORMS, NEW, OLD};
use myelon_tests::messages::{Book, Order, SHOWN, Seen, Shown, TestMessages};
use myelon_tests::peer::{Kind, serve};

/// Two kinds more, at the end.
#[myelon::channel(capacity = "4 KiB", max_message = "64 KiB", evolves = true)]
enum Story {
    Tick(Words24),
    #[codec(postcard)]
    Order(Order),
    Note([u8]),
    #[zero_copy(rkyv)]
    Book(Book),
    Memo([u8]),
}

/// The same, though that was not to be.
#[myelon::channel(capacity = "4 KiB", max_message = "64 KiB")]
enum Fixed {
    Tick(Words24),
    #[codec(postcard)]
    Order(Order),
    Note([u8]),
    #[zero_copy(rkyv)]
    Book(Book),
    Memo([u8]),
}

macro_rules! newer {
    ($($name:ident $producer:ident $shown:ident { $($unknown:tt)* };)*) => {$(
        impl TestMessages for $name {
            const PUBLISH: &'static [Publish] = FORMS;
            const RECEIVE: &'static [Receive] = SHOWN;

            fn put(tx: &mut $producer, put: &Put<'_>) -> Result<Sequence, Error> {
                let put = &of_one_lane(put);
                match lane_of(put.first, NEW) {
                    0 => put::values(tx.tick(), put),
                    1 => put::values(tx.order(), put),
                    2 => put::bytes(tx.note(), put),
                    3 => put::values(tx.book(), put),
                    _ => put::bytes(tx.memo(), put),
                }
            }

            fn is_right(meta: MessageMeta, size: u64, message: Shown<'_, Self>) -> bool {
                let number = meta.sequence;
                let (kind, is_made) = match message {
                    $shown::Tick(tick) => (0, tick.is_made(number, size)),
                    $shown::Order(order) => (1, order.is_made(number, size)),
                    $shown::Note(bytes) => (2, bytes.is_made(number, size)),
                    $shown::Book(book) => (3, book.is_made(number, size)),
                    $shown::Memo(bytes) => (4, bytes.is_made(number, size)),
                    // Nobody is newer.
                    $($unknown)*
                };
                // From this program, or from an old one.
                let kinds = [lane_of(number, NEW), lane_of(number, OLD)];
                is_made && meta.kind == kind && kinds.contains(&kind)
            }

            myelon_tests::test_ends!();
        }
    )*};
}

newer! {
    Story StoryProducer StoryRef { StoryRef::Unknown { .. } => return false };
    Fixed FixedProducer FixedRef {};
}

fn main() {
    serve(&[Kind::of::<Story>(), Kind::of::<Fixed>()]);
}
