//! A channel of several kinds of messages: a lane for each, and an enum to match on.
#![deny(warnings)]
#![forbid(unsafe_code)]

use myelon::codec::{Codec, DecodeError, EncodeError};
use myelon::{Format, Location, MessageChannel, RecvError, RingEvent};

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Tick {
    price: u64,
}

#[derive(myelon::rkyv::Archive, myelon::rkyv::Serialize, myelon::rkyv::Deserialize)]
#[rkyv(crate = myelon::rkyv)]
struct Book {
    bids: Vec<u32>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Order {
    client: String,
}

enum Halves {}

impl Codec<f32> for Halves {
    const NAME: &'static str = "halves";

    fn encode(value: &f32, out: &mut [u8]) -> Result<usize, EncodeError> {
        *out.first_mut().ok_or(EncodeError::Full)? = (value * 2.0) as u8;
        Ok(1)
    }

    fn decode(bytes: &[u8]) -> Result<f32, DecodeError> {
        bytes.first().map(|halves| f32::from(*halves) / 2.0).ok_or(DecodeError::new("is empty"))
    }
}

/// All that happens.
#[myelon::channel(capacity = "64 KiB", timestamps = true, version = 3, wait = park, max_consumers = 4)]
enum Feed {
    Tick(Tick),
    #[zero_copy(rkyv)]
    Book(Book),
    #[codec(postcard)]
    Order(Order),
    #[codec(pod)]
    Bars([Tick]),
    Note([u8]),
    #[codec(bytes)]
    HTTPReq([u8]),
    #[codec(Halves)]
    Half(f32),
    Count(u64),
    Many([u64; 4]),
}

#[myelon::channel(capacity = "4 KiB", evolves = true)]
enum Older {
    Note([u8]),
}

#[myelon::channel(capacity = "4 KiB", evolves = true)]
enum Newer {
    Note([u8]),
    Number(u64),
}

// Values that outlive their leases; in hygienic surroundings.
#[myelon::channel(capacity = "64 KiB", owned = true, evolves = true)]
enum Kept {
    Tick(Tick),
    #[zero_copy(rkyv)]
    Book(Book),
    #[codec(postcard)]
    Order(Order),
    #[codec(pod)]
    Bars([Tick]),
    Note([u8]),
    #[codec(Halves)]
    Half(f32),
}

// What is decoded can be copied out of a held message, as it is `Clone`; `Order` above does not have to be.
#[myelon::channel(capacity = "64 KiB", owned = true, evolves = true, consumers(eyes(lossy)))]
enum Copied {
    Tick(Tick),
    #[zero_copy(rkyv)]
    Book(Book),
    #[codec(postcard)]
    Words(Vec<String>),
    #[codec(pod)]
    Bars([Tick]),
    Note([u8]),
    #[codec(Halves)]
    Half(f32),
}

#[myelon::channel(capacity = "64 KiB", evolves = true)]
enum CopiedLater {
    Tick(Tick),
    #[zero_copy(rkyv)]
    Book(Book),
    #[codec(postcard)]
    Words(Vec<String>),
    #[codec(pod)]
    Bars([Tick]),
    Note([u8]),
    #[codec(Halves)]
    Half(f32),
    Count(u64),
}

fn copying() {
    let at = Location::anonymous().unwrap();
    let mut tx = CopiedLater::create(&at).unwrap();
    let mut rx = Copied::attach(&at, "reader").unwrap();
    let mut lossy = Copied::attach_eyes(&at).unwrap();
    tx.tick().publish(&Tick { price: 1 }).unwrap();
    tx.book().publish(&Book { bids: vec![2] }).unwrap();
    tx.words().publish(&vec!["three".to_owned()]).unwrap();
    tx.bars().publish(&[Tick { price: 4 }]).unwrap();
    tx.note().publish(b"five").unwrap();
    tx.half().publish(&6.0).unwrap();
    tx.count().publish(&7).unwrap();
    for number in 1..8 {
        let lease = rx.recv().unwrap().unwrap();
        let copies = [lease.to_owned().unwrap(), lease.to_owned().unwrap()];
        // The message is still there, and stays a while.
        assert_eq!(lease.sequence(), number - 1);
        drop(lease);
        let seen = lossy.recv().unwrap().unwrap().to_owned().unwrap();
        for copy in copies.into_iter().chain([seen]) {
            assert!(match copy {
                CopiedOwned::Tick(Tick { price }) => (number, price) == (1, 1),
                CopiedOwned::Book(Book { bids }) => number == 2 && bids == [2],
                CopiedOwned::Words(words) => number == 3 && words == ["three"],
                CopiedOwned::Bars(bars) => number == 4 && bars.len() == 1 && bars[0].price == 4,
                CopiedOwned::Note(bytes) => number == 5 && bytes == b"five",
                CopiedOwned::Half(half) => number == 6 && half == 6.0,
                CopiedOwned::Unknown { kind, bytes } => (number, kind) == (7, 6) && bytes == 7_u64.to_le_bytes(),
            });
        }
    }
}

#[myelon::channel(capacity = "64 KiB", evolves = true)]
enum KeptLater {
    Tick(Tick),
    #[zero_copy(rkyv)]
    Book(Book),
    #[codec(postcard)]
    Order(Order),
    #[codec(pod)]
    Bars([Tick]),
    Note([u8]),
    #[codec(Halves)]
    Half(f32),
    Count(u64),
}

/// One of each.
fn publish(tx: &mut KeptLaterProducer) {
    tx.tick().publish(&Tick { price: 1 }).unwrap();
    tx.book().publish(&Book { bids: vec![2] }).unwrap();
    tx.order().publish(&Order { client: "three".to_owned() }).unwrap();
    tx.bars().publish(&[Tick { price: 4 }]).unwrap();
    tx.note().publish(b"five").unwrap();
    tx.half().publish(&6.0).unwrap();
    tx.count().publish(&7).unwrap();
}

fn keeping() {
    let at = Location::anonymous().unwrap();
    let mut tx = KeptLater::create(&at).unwrap();
    let mut rx = Kept::attach(&at, "reader").unwrap();
    publish(&mut tx);
    publish(&mut tx);
    tx.close();
    let mut kept: Vec<KeptOwned> = Vec::new();
    for _ in 0..7 {
        kept.push(rx.recv().unwrap().unwrap().into_owned().unwrap());
    }
    all_are_right(kept);
    // The same, each into what another one left.
    let mut kept = Vec::new();
    let mut one = KeptOwned::Note(Vec::new());
    while let Some(meta) = rx.recv_into(&mut one).unwrap() {
        assert_eq!(meta.sequence, 7 + kept.len() as u64);
        kept.push(std::mem::replace(&mut one, KeptOwned::Half(0.0)));
    }
    rx.close();
    all_are_right(kept);
}

fn all_are_right(kept: Vec<KeptOwned>) {
    assert_eq!(kept.len(), 7);
    assert_eq!(format!("{:?}", kept[0]), "Tick(..)");
    assert_eq!(format!("{:?}", kept[6]), "Unknown { kind: 6, len: 8 }");
    for (number, message) in (1..).zip(kept) {
        assert!(match message {
            KeptOwned::Tick(Tick { price }) => (number, price) == (1, 1),
            KeptOwned::Book(Book { bids }) => number == 2 && bids == [2],
            KeptOwned::Order(Order { client }) => number == 3 && client == "three",
            KeptOwned::Bars(bars) => number == 4 && bars.len() == 1 && bars[0].price == 4,
            KeptOwned::Note(bytes) => number == 5 && bytes == b"five",
            KeptOwned::Half(half) => number == 6 && half == 6.0,
            KeptOwned::Unknown { kind, bytes } => (number, kind) == (7, 6) && bytes == 7_u64.to_le_bytes(),
        });
    }
}

// Lines are fetched ahead of time if one of the lanes is read as a whole.
#[myelon::channel(capacity = 4096)]
enum Looked {
    #[zero_copy(rkyv)]
    Book(Book),
    #[zero_copy(rkyv)]
    Other(Book),
}

const _: () = assert!(Feed::READ_WHOLE && !Looked::READ_WHOLE);

// Without `evolves` the name is free.
#[myelon::channel(capacity = 4096)]
enum One {
    Unknown(u64),
}

fn main() {
    keeping();
    copying();
    let at = Location::anonymous().unwrap();
    let mut tx = Feed::create(&at).unwrap();
    let mut rx = Feed::attach(&at, "reader").unwrap();
    tx.tick().publish(&Tick { price: 1 }).unwrap();
    tx.book().publish(&Book { bids: vec![2] }).unwrap();
    tx.order().publish(&Order { client: "three".to_owned() }).unwrap();
    tx.bars().publish(&[Tick { price: 4 }]).unwrap();
    tx.note().publish(b"five").unwrap();
    tx.http_req().publish(b"six").unwrap();
    tx.half().publish(&0.5).unwrap();
    tx.count().publish(&8).unwrap();
    assert_eq!(tx.many().publish(&[9; 4]).unwrap(), 8);
    assert_eq!((tx.sequence(), tx.tick().sequence()), (9, 9));
    let mut seen = Vec::new();
    while let Ok(Some(lease)) = rx.try_recv() {
        let message: FeedRef<'_> = lease.get();
        let copy = message;
        seen.push(format!("{message:?}"));
        match copy {
            FeedRef::Tick(tick) => assert_eq!(tick.price, 1),
            FeedRef::Book(book) => assert_eq!(book.bids[0], 2),
            FeedRef::Order(order) => assert_eq!(order.client, "three"),
            FeedRef::Bars(bars) => assert_eq!(bars[0].price, 4),
            FeedRef::Note(bytes) => assert_eq!(bytes, b"five"),
            FeedRef::HTTPReq(bytes) => assert_eq!(bytes, b"six"),
            FeedRef::Half(half) => assert_eq!(*half, 0.5),
            FeedRef::Count(count) => assert_eq!(*count, 8),
            FeedRef::Many(many) => assert_eq!(*many, [9; 4]),
        }
    }
    let names = ["Tick", "Book", "Order", "Bars", "Note", "HTTPReq", "Half", "Count", "Many"];
    assert_eq!(seen, names.map(|name| format!("{name}(..)")));
    assert_eq!(Feed::LANES.iter().map(|lane| lane.name).collect::<Vec<_>>(), names);
    assert!(Feed::LANES.iter().map(|lane| lane.kind).eq(0..9));
    assert!(Feed::CONFIG.timestamps && !Feed::CONFIG.evolves);
    tx.close();
    assert!(rx.recv().unwrap().is_none());
    rx.close();

    // A reader of before.
    let at = Location::anonymous().unwrap();
    let mut tx = Newer::create(&at).unwrap();
    let mut rx = Older::attach(&at, "old").unwrap();
    tx.number().publish(&7).unwrap();
    tx.note().publish(b"known").unwrap();
    match rx.recv().unwrap().unwrap().get() {
        OlderRef::Note(_) => unreachable!(),
        unknown @ OlderRef::Unknown { kind, bytes } => {
            assert_eq!((kind, bytes), (1, &7_u64.to_le_bytes()[..]));
            assert_eq!(format!("{unknown:?}"), "Unknown { kind: 1, len: 8 }");
        }
    }
    assert!(matches!(rx.recv().unwrap().unwrap().get(), OlderRef::Note(b"known")));
    let newer = |message: NewerRef<'_>| match message {
        NewerRef::Note(bytes) => bytes.len(),
        NewerRef::Number(number) => *number as usize,
        NewerRef::Unknown { bytes, .. } => bytes.len(),
    };
    assert_eq!(newer(NewerRef::Number(&3)), 3);

    let at = Location::anonymous().unwrap();
    let mut tx = One::create(&at).unwrap();
    let mut rx = One::attach(&at, "one").unwrap();
    tx.unknown().publish(&1).unwrap();
    let read: Result<u64, RecvError> = rx.recv().map(|lease| match lease.unwrap().get() {
        OneRef::Unknown(number) => *number,
    });
    assert_eq!(read.unwrap(), 1);
}
