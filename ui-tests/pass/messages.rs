//! Channels of one type of message, in every format, with both ends at work.
#![deny(warnings)]
#![forbid(unsafe_code)]

use myelon::{Location, MessageChannel, RingEvent, WaitStrategy};

mod codecs {
    use myelon::codec::{Codec, DecodeError, EncodeError, ZeroCopy};

    /// Numbers, the highest byte first.
    #[derive(Debug)]
    pub enum BigEndian {}

    impl Codec<u64> for BigEndian {
        const NAME: &'static str = "big endian";

        fn encode(value: &u64, out: &mut [u8]) -> Result<usize, EncodeError> {
            out.get_mut(..8).ok_or(EncodeError::Full)?.copy_from_slice(&value.to_be_bytes());
            Ok(8)
        }

        fn decode(bytes: &[u8]) -> Result<u64, DecodeError> {
            bytes.try_into().map(u64::from_be_bytes).map_err(|_| DecodeError::new("is not eight bytes long"))
        }
    }

    /// Text. Neither this nor what it carries is `Debug`.
    pub enum Utf8 {}

    impl ZeroCopy<str> for Utf8 {
        type Target = str;
        const NAME: &'static str = "utf-8";

        fn encode(value: &str, out: &mut [u8]) -> Result<usize, EncodeError> {
            out.get_mut(..value.len()).ok_or(EncodeError::Full)?.copy_from_slice(value.as_bytes());
            Ok(value.len())
        }

        fn view(bytes: &[u8]) -> Result<&str, DecodeError> {
            std::str::from_utf8(bytes).map_err(|error| DecodeError::caused("is no text", error))
        }
    }
}

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Bar {
    high: u64,
    low: u64,
}

#[derive(myelon::rkyv::Archive, myelon::rkyv::Serialize, myelon::rkyv::Deserialize)]
#[rkyv(crate = myelon::rkyv)]
struct Book {
    bids: Vec<u32>,
}

mod proto {
    #[derive(serde::Serialize, serde::Deserialize)]
    pub struct Order {
        pub client: String,
    }
}

const BYTES: usize = 1 << 12;
mod limits {
    pub const LONGEST: u32 = 3000;
}

#[myelon::channel(capacity = "4 KiB", max_message = "64 MiB")]
struct Log([u8]);

#[myelon::channel(zero_copy = rkyv, capacity = "64KiB", timestamps = true, optimize = latency)]
struct Books(Book);

#[myelon::channel(codec = postcard, capacity = BYTES, max_message = limits::LONGEST, timestamps = false)]
struct Orders(proto::Order);

#[myelon::channel(codec = pod, capacity = 4096, version = 7, wait = park, max_consumers = 2)]
struct Bars([Bar]);

#[myelon::channel(codec = codecs::BigEndian, capacity = "256 B", max_message = 1_000)]
struct Numbers(u64);

#[myelon::channel(zero_copy = codecs::Utf8, capacity = "8 GiB", crate = ::myelon)]
struct Texts(str);

#[myelon::channel(codec = postcard, capacity = "1 KiB")]
struct Nested(std::collections::BTreeMap<String, Vec<(u8, Option<proto::Order>)>>);

fn both<C: MessageChannel>() -> (C::Producer, C::Consumer) {
    let at = Location::anonymous().unwrap();
    let small = myelon::ProducerBuilder::<C>::new(&at).capacity(4096);
    (small.build().unwrap(), myelon::ConsumerBuilder::<C>::new(&at, "only").build().unwrap())
}

fn main() {
    let (mut tx, mut rx) = both::<Log>();
    tx.publish(b"line").unwrap();
    assert_eq!(*rx.recv().unwrap().unwrap(), *b"line");

    let (mut tx, mut rx) = both::<Books>();
    tx.publish(&Book { bids: vec![7, 8] }).unwrap();
    assert_eq!(rx.recv().unwrap().unwrap().bids[1], 8);

    let (mut tx, mut rx) = both::<Orders>();
    tx.publish(&proto::Order { client: "me".to_owned() }).unwrap();
    assert_eq!(rx.recv().unwrap().unwrap().client, "me");

    let (mut tx, mut rx) = both::<Bars>();
    tx.publish(&[Bar { high: 2, low: 1 }, Bar { high: 4, low: 3 }]).unwrap();
    let sum = |bars: &[Bar]| bars.iter().map(|bar| bar.high - bar.low).sum::<u64>();
    assert_eq!(sum(&rx.recv().unwrap().unwrap()), 2);

    let (mut tx, mut rx) = both::<Numbers>();
    tx.publish(&7).unwrap();
    assert_eq!(*rx.recv().unwrap().unwrap(), 7);

    let (mut tx, mut rx) = both::<Texts>();
    tx.publish("text").unwrap();
    assert_eq!(&*rx.recv().unwrap().unwrap(), "text");
    assert!(format!("{tx:?} {rx:?}").contains("capacity"));
    tx.close();
    rx.detach();

    let (mut tx, mut rx) = both::<Nested>();
    tx.publish(&[("a".to_owned(), vec![(1, None)])].into()).unwrap();
    assert!(rx.recv().unwrap().unwrap()["a"][0].1.is_none());

    let config = Log::CONFIG;
    assert_eq!((config.name, config.capacity, config.max_message), ("Log", 4096, 64 << 20));
    assert_eq!((config.max_consumers, config.version, config.timestamps, config.evolves), (16, 0, false, false));
    let config = Orders::CONFIG;
    assert_eq!((config.capacity, config.max_message, config.timestamps), (4096, 3000, false));
    assert_eq!((Books::CONFIG.max_message, Books::CONFIG.timestamps), (64 << 10, true));
    assert_eq!((Bars::CONFIG.version, Bars::CONFIG.max_consumers, Bars::CONFIG.wait), (7, 2, WaitStrategy::Park));
    assert_eq!((Numbers::CONFIG.max_message, Texts::CONFIG.capacity), (1000, 8 << 30));
    let payloads = [Orders::LANES, Bars::LANES, Nested::LANES, Log::LANES].map(|lanes| lanes[0].payload);
    assert_eq!(payloads, ["Order", "[Bar]", "BTreeMap<String, Vec<(u8, Option<Order>)>>", "[u8]"]);
}
