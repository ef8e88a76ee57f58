//! Another program: it declares channels that the tests know, with types that write anything under the right names.

mod monster;

use myelon::{Error, MessageMeta, Sequence};
use myelon_tests::channels::{Checked, Words24};
use myelon_tests::form::{Publish, Receive};
use myelon_tests::messages::feed::{LANES, lane_of, of_one_lane};
use myelon_tests::messages::put::{self, Put};
use myelon_tests::messages::spoilt::formats::{Backward, Summed};
use myelon_tests::messages::{Bar, Shown, TestMessages};
use myelon_tests::peer::{Kind, serve};
use myelon_tests::schema::Monster;

/// What two builds compare of a type is its name, without its modules.
mod raw {
    use myelon_tests::messages::spoilt::{OfBook, OfBytes, OfOrder, OfPacket, Raw};

    pub(super) type Book = Raw<OfBook>;
    pub(super) type Order = Raw<OfOrder>;
    pub(super) type Packet = Raw<OfPacket>;
    /// In place of a list of bytes, whatever it is a list of.
    pub(super) type Vec<T> = <T as Listed>::List;

    pub(super) trait Listed {
        type List;
    }

    impl Listed for u8 {
        type List = Raw<OfBytes>;
    }

    /// An order in another format.
    pub(super) mod bill {
        use myelon_tests::messages::spoilt::{OfBill, Raw};

        pub(crate) type Order = Raw<OfBill>;
    }
}

#[myelon::channel(zero_copy = rkyv, capacity = "4 KiB", max_message = "64 KiB")]
struct Books(raw::Book);

#[myelon::channel(codec = postcard, capacity = "4 KiB", max_message = "64 KiB")]
struct Orders(raw::Order);

#[myelon::channel(codec = bincode, capacity = "4 KiB", max_message = "64 KiB")]
struct Bills(raw::bill::Order);

#[myelon::channel(zero_copy = Summed, capacity = "4 KiB", max_message = "64 KiB")]
struct Sums(raw::Packet);

#[myelon::channel(codec = Backward, capacity = "4 KiB", max_message = "64 KiB")]
struct Backwards(raw::Vec<u8>);

#[myelon::channel(zero_copy = flatbuffers, capacity = "4 KiB", max_message = "64 KiB")]
struct Monsters(Monster<'_>);

#[myelon::channel(capacity = "8 KiB", max_message = "64 KiB", evolves = true)]
enum Feed {
    Tick(Words24),
    #[zero_copy(rkyv)]
    Book(raw::Book),
    #[codec(postcard)]
    Order(raw::Order),
    #[codec(pod)]
    Bars([Bar]),
    Fill(Checked),
    #[zero_copy(flatbuffers)]
    Monster(Monster<'_>),
    #[zero_copy(Summed)]
    Sum(raw::Packet),
    #[codec(Backward)]
    Back(raw::Vec<u8>),
    Note([u8]),
}

macro_rules! broken {
    ($($name:ident: $forms:expr, $put:expr;)*) => {$(
        impl TestMessages for $name {
            const PUBLISH: &'static [Publish] = $forms;
            const RECEIVE: &'static [Receive] = &[];

            fn put(tx: &mut Self::Producer, put: &Put<'_>) -> Result<Sequence, Error> {
                $put(tx, put)
            }

            fn is_right(_: MessageMeta, _: u64, _: Shown<'_, Self>) -> bool {
                false
            }

            myelon_tests::test_ends!();
        }
    )*};
}

const VALUES: &[Publish] = &[Publish::Value, Publish::Slice, Publish::Batch];
const TABLES: &[Publish] = &[Publish::With, Publish::Batch];

broken! {
    Books: VALUES, |tx: &mut BooksProducer, put| put::values(tx, put);
    Orders: VALUES, |tx: &mut OrdersProducer, put| put::values(tx, put);
    Bills: VALUES, |tx: &mut BillsProducer, put| put::values(tx, put);
    Sums: VALUES, |tx: &mut SumsProducer, put| put::values(tx, put);
    Backwards: VALUES, |tx: &mut BackwardsProducer, put| put::values(tx, put);
    Monsters: TABLES, |tx: &mut MonstersProducer, put| put::tables(tx, put, monster::build);
    Feed: VALUES, feed;
}

fn feed(tx: &mut FeedProducer, put: &Put<'_>) -> Result<Sequence, Error> {
    let put = &of_one_lane(put);
    match lane_of(put.first, LANES) {
        0 => put::values(tx.tick(), put),
        1 => put::values(tx.book(), put),
        2 => put::values(tx.order(), put),
        3 => put::values(tx.bars(), put),
        4 => put::values(tx.fill(), put),
        5 => put::tables(tx.monster(), put, monster::build),
        6 => put::values(tx.sum(), put),
        7 => put::values(tx.back(), put),
        _ => put::bytes(tx.note(), put),
    }
}

fn main() {
    serve(&[
        Kind::of::<Books>(),
        Kind::of::<Orders>(),
        Kind::of::<Bills>(),
        Kind::of::<Sums>(),
        Kind::of::<Backwards>(),
        Kind::of::<Monsters>(),
        Kind::of::<Feed>(),
    ]);
}
