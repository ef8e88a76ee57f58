//! A structure of 4 KiB that is archived with rkyv, and of which the receiver reads one field where it lies: how myelon
//! 0.1.0-alpha.2 does that.
//!
//! It archives into a vector and copies that into a frame that just holds it. Like its documentation, this validates what
//! it reads.

use myelon::rkyv::util::AlignedVec;
use myelon::rkyv::{self, rancor};
use myelon_alpha::codec::{Codec, CodecError, ZeroCopyCodec};
use myelon_alpha::transport::{AlignedFixedFrame, ReassemblyBuffer};
use myelon_alpha::{MyelonWaitStrategy, TypedConsumer, TypedProducer};
use myelon_bench::message::book::{ARCHIVED, ArchivedBook, Book};

use super::alpha::{PATIENCE, name};
use super::{Ends, Place, Rx, Tx};

/// The structure, with the codec of the alpha.
#[derive(Debug, Default)]
struct Page(Book);

impl Codec for Page {
    type Encoded = AlignedVec;

    fn encode(&self) -> Result<AlignedVec, CodecError> {
        rkyv::to_bytes::<rancor::Error>(&self.0).map_err(CodecError::encode)
    }

    fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let archived = Self::access(bytes)?;
        rkyv::deserialize::<Book, rancor::Error>(archived).map(Self).map_err(CodecError::decode)
    }
}

impl ZeroCopyCodec for Page {
    type Archived<'a> = &'a ArchivedBook;

    fn access(bytes: &[u8]) -> Result<&ArchivedBook, CodecError> {
        rkyv::access::<ArchivedBook, rancor::Error>(bytes).map_err(CodecError::decode)
    }
}

type Frame = AlignedFixedFrame<{ ARCHIVED.next_multiple_of(16) }>;

/// The subject.
#[derive(Debug)]
pub(crate) enum Alpha {}

pub(crate) struct Producer {
    inner: TypedProducer<Frame>,
    page: Page,
}

pub(crate) struct Consumer {
    inner: TypedConsumer<Frame>,
    joined: ReassemblyBuffer,
}

impl Ends for Alpha {
    type Tx = Producer;
    type Rx = Consumer;

    fn create(place: &Place, channel: &str) -> Producer {
        let page = Page::default();
        assert_eq!(page.encode().expect("an archive").len(), ARCHIVED, "the frame just holds the archive");
        let inner = TypedProducer::create(&name(place, channel), place.in_flight).expect("a ring");
        Producer { inner, page }
    }

    fn attach(place: &Place, channel: &str, _: usize) -> Consumer {
        let wait = MyelonWaitStrategy::BusySpin;
        let inner = TypedConsumer::attach(&name(place, channel), place.in_flight, wait);
        Consumer { inner: inner.expect("the ring"), joined: ReassemblyBuffer::new(ARCHIVED) }
    }
}

impl Tx for Producer {
    fn ready(&mut self) {
        assert!(
            self.inner.discover_consumers(PATIENCE),
            "no consumer, so nothing would hold the producer back"
        );
    }

    #[inline(always)]
    fn publish(&mut self, sequence: u64) {
        self.page.0.turn(sequence);
        self.inner.publish(&self.page, 0).expect("an archive");
    }
}

impl Rx for Consumer {
    #[inline(always)]
    fn recv(&mut self, sequence: u64) -> u64 {
        let mut wrong = 0;
        while self.drain(sequence, &mut wrong) == 0 {}
        wrong
    }

    #[inline(always)]
    fn drain(&mut self, next: u64, wrong: &mut u64) -> u64 {
        let mut sequence = next;
        let mut bits = 0;
        self.inner.process_available_zero_copy::<Page, _>(&mut self.joined, |_, book| {
            bits |= book.difference(sequence);
            sequence += 1;
        });
        *wrong |= bits;
        if sequence == next {
            std::hint::spin_loop();
        }
        sequence - next
    }
}
