//! Every format as it is declared: published on one end of a channel, received on the other.

use myelon::codec::{Codec, DecodeError, EncodeError, Restore, ZeroCopy};
use myelon::{Location, RingEvent};
use myelon_tests::schema::{Monster, MonsterArgs};

use crate::values::{Book, Level, Note};

/// `codec = path`: a number as people write it.
enum Decimal {}

impl Codec<u32> for Decimal {
    const NAME: &'static str = "decimal";

    fn encode(value: &u32, out: &mut [u8]) -> Result<usize, EncodeError> {
        let text = value.to_string();
        out.get_mut(..text.len()).ok_or(EncodeError::Full)?.copy_from_slice(text.as_bytes());
        Ok(text.len())
    }

    fn decode(bytes: &[u8]) -> Result<u32, DecodeError> {
        let text = std::str::from_utf8(bytes).map_err(|error| DecodeError::caused("is no text", error))?;
        text.parse().map_err(|error| DecodeError::caused("is no number", error))
    }
}

/// `zero_copy = path`: text, read where it lies.
enum Text {}

impl ZeroCopy<String> for Text {
    type Target = str;
    const NAME: &'static str = "text";

    fn encode(value: &String, out: &mut [u8]) -> Result<usize, EncodeError> {
        out.get_mut(..value.len()).ok_or(EncodeError::Full)?.copy_from_slice(value.as_bytes());
        Ok(value.len())
    }

    fn view(bytes: &[u8]) -> Result<&str, DecodeError> {
        std::str::from_utf8(bytes).map_err(|error| DecodeError::caused("is no text", error))
    }
}

impl Restore<String> for Text {
    type Owned = String;

    fn restore(target: &str) -> Result<String, DecodeError> {
        Ok(target.to_owned())
    }
}

#[derive(RingEvent, Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Bar {
    open: f64,
    close: f64,
}

#[myelon::channel(zero_copy = rkyv, capacity = "64 KiB", max_message = "1 MiB")]
struct Archives(Book);

#[myelon::channel(codec = postcard, capacity = "64 KiB", max_message = "1 MiB")]
struct Postcards(Book);

#[myelon::channel(codec = bincode, capacity = "64 KiB", max_message = "1 MiB")]
struct Bincodes(Book);

#[myelon::channel(zero_copy = flatbuffers, capacity = "64 KiB", max_message = "1 MiB")]
struct Monsters(Monster<'_>);

#[myelon::channel(codec = pod, capacity = "64 KiB")]
struct Bars([Bar]);

#[myelon::channel(codec = Decimal, capacity = "64 KiB")]
struct Numbers(u32);

#[myelon::channel(zero_copy = Text, capacity = "64 KiB", max_message = "1 MiB")]
struct Texts(String);

/// From small to longer than the ring.
fn books() -> impl Iterator<Item = Book> {
    [0, 1, 50, 500, 5_000, 20_000].into_iter().map(|len| Book {
        venue: "a venue".repeat(len % 7),
        sequence: len as u64,
        wide: u128::MAX,
        halted: len > 9,
        initial: Some('é'),
        bids: (0..len).map(|at| Level { price: at as f64, qty: at as u32, flag: -1 }).collect(),
        last: None,
        notes: vec![Note::Nothing, Note::Text("a note".into()), Note::Many(vec![vec![1], vec![]])],
        limits: [("a".into(), (1, [2; 3]))].into(),
    })
}

/// Sends every book while a thread receives them.
macro_rules! travel {
    ($channel:ident) => {{
        let at = Location::anonymous().unwrap();
        let mut tx = $channel::create(&at).unwrap();
        let mut rx = $channel::attach(&at, "reader").unwrap();
        let reader = std::thread::spawn(move || {
            for book in books() {
                let message = rx.recv().unwrap().unwrap();
                assert_eq!(message.venue.len(), book.venue.len());
                assert_eq!(message.bids.len(), book.bids.len());
                assert_eq!(message.into_owned().unwrap(), book);
            }
            assert!(rx.recv().unwrap().is_none());
        });
        for book in books() {
            tx.publish(&book).unwrap();
        }
        tx.close();
        reader.join().unwrap();
    }};
}

#[test]
fn books_travel_in_every_format() {
    travel!(Archives);
    travel!(Postcards);
    travel!(Bincodes);
}

#[test]
fn tables_are_built_in_the_ring_and_read_there() {
    let at = Location::anonymous().unwrap();
    let mut tx = Monsters::create(&at).unwrap();
    let mut rx = Monsters::attach(&at, "reader").unwrap();
    // Longer and longer: in the ring, across its end, and then in pieces.
    let lengths = || (0..60).map(|step| step * step * step);
    let reader = std::thread::spawn(move || {
        for (hp, len) in (0..).zip(lengths()) {
            let message = rx.recv().unwrap().unwrap();
            let monster = message.get();
            assert_eq!((monster.hp(), monster.name()), (hp, "a monster"));
            assert_eq!(monster.raw().unwrap().bytes(), vec![hp as u8; len]);
            assert_eq!(monster.parent().unwrap().name(), "a monster");
        }
        assert!(rx.recv().unwrap().is_none());
    });
    for (hp, len) in (0..).zip(lengths()) {
        tx.publish_with(|fbb| {
            let name = Some(fbb.create_string("a monster"));
            let parent = Some(Monster::create(fbb, &MonsterArgs { name, ..Default::default() }));
            let raw = Some(fbb.create_vector(&vec![hp as u8; len]));
            Monster::create(fbb, &MonsterArgs { name, hp, raw, parent, ..Default::default() })
        })
        .unwrap();
    }
    let error = tx.publish_with(|fbb| {
        let name = Some(fbb.create_string(&"n".repeat(2 << 20)));
        Monster::create(fbb, &MonsterArgs { name, ..Default::default() })
    });
    assert!(matches!(error, Err(myelon::PublishError::TooLarge { max: 0x10_0000, .. })), "{error:?}");
    tx.close();
    reader.join().unwrap();
}

#[test]
fn the_formats_of_a_program_travel_like_ours() {
    let at = Location::anonymous().unwrap();
    let mut tx = Numbers::create(&at).unwrap();
    let mut rx = Numbers::attach(&at, "reader").unwrap();
    for number in [0, 7, u32::MAX] {
        tx.publish(&number).unwrap();
        assert_eq!(*rx.recv().unwrap().unwrap(), number);
    }

    let at = Location::anonymous().unwrap();
    let mut tx = Texts::create(&at).unwrap();
    let mut rx = Texts::attach(&at, "reader").unwrap();
    // The last one is longer than the ring: received while it is published.
    let texts = || [String::new(), "in place".to_owned(), "long".repeat(30_000)].into_iter();
    let reader = std::thread::spawn(move || {
        for text in texts() {
            assert_eq!(*rx.recv().unwrap().unwrap(), *text);
        }
    });
    for text in texts() {
        tx.publish(&text).unwrap();
    }
    reader.join().unwrap();

    let at = Location::anonymous().unwrap();
    let mut tx = Bars::create(&at).unwrap();
    let mut rx = Bars::attach(&at, "reader").unwrap();
    for len in [0, 1, 1000] {
        let bars: Vec<_> = (0..len).map(|at| Bar { open: f64::from(at), close: 1.0 }).collect();
        tx.publish(&bars[..]).unwrap();
        assert_eq!(rx.recv().unwrap().unwrap()[..], bars);
    }
}
