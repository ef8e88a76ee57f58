//! A structure of 4 KiB that is archived with rkyv, and of which the receiver reads one field where it lies.
//!
//! myelon 0.1.0-alpha.2 archives into a vector and copies that into a frame that just holds it. Like its documentation,
//! this validates what it reads.

use myelon_alpha::codec::{Codec, CodecError, ZeroCopyCodec};
use myelon_alpha::transport::{AlignedFixedFrame, ReassemblyBuffer};
use myelon_alpha::{MyelonWaitStrategy, TypedConsumer, TypedProducer};
use rkyv::rancor;
use rkyv::util::AlignedVec;

use super::alpha::{PATIENCE, name};
use super::{Ends, Place, Rx, Tx};

/// What an order book holds at one price.
#[derive(Debug, Clone, Copy, rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
pub(crate) struct Level {
    price: u64,
    quantity: u64,
}

/// The structure: 4088 bytes when archived.
#[derive(Debug, rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
pub(crate) struct Book {
    sequence: u64,
    bids: Vec<Level>,
    asks: Vec<Level>,
}

/// Levels on each side.
const LEVELS: u64 = 127;
/// So many of the first messages are looked at as a whole, the others at one field.
const WHOLE: u64 = 256;
const ARCHIVED: usize = 4088;

fn price(index: u64) -> u64 {
    index.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

impl Book {
    pub(crate) fn new() -> Self {
        let level = |index| Level { price: price(index), quantity: index };
        Self {
            sequence: 0,
            bids: (0..LEVELS).map(level).collect(),
            asks: (LEVELS..2 * LEVELS).map(level).collect(),
        }
    }

    /// Turns it into the one with that sequence.
    #[inline(always)]
    pub(crate) fn turn(&mut self, sequence: u64) {
        self.sequence = sequence;
        for side in [&mut self.bids, &mut self.asks] {
            let best = side.first_mut().expect("a level");
            best.quantity = sequence;
        }
    }
}

impl ArchivedBook {
    /// Zero if it is the one with that sequence, else the bits that differ. Looks at one field, and at everything in the
    /// first few.
    #[inline(always)]
    pub(crate) fn difference(&self, sequence: u64) -> u64 {
        let wrong = self.sequence.to_native() ^ sequence;
        if sequence < WHOLE { wrong | self.whole(sequence) } else { wrong }
    }

    #[cold]
    fn whole(&self, sequence: u64) -> u64 {
        let mut wrong = (self.bids.len() as u64 ^ LEVELS) | (self.asks.len() as u64 ^ LEVELS);
        for (level, index) in self.bids.iter().chain(self.asks.iter()).zip(0..) {
            let quantity = if index % LEVELS == 0 { sequence } else { index };
            wrong |= (level.price.to_native() ^ price(index)) | (level.quantity.to_native() ^ quantity);
        }
        wrong
    }
}

impl Codec for Book {
    type Encoded = AlignedVec;

    fn encode(&self) -> Result<AlignedVec, CodecError> {
        rkyv::to_bytes::<rancor::Error>(self).map_err(CodecError::encode)
    }

    fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let archived = Self::access(bytes)?;
        rkyv::deserialize::<Self, rancor::Error>(archived).map_err(CodecError::decode)
    }
}

impl ZeroCopyCodec for Book {
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
    book: Book,
}

pub(crate) struct Consumer {
    inner: TypedConsumer<Frame>,
    joined: ReassemblyBuffer,
}

impl Ends for Alpha {
    type Tx = Producer;
    type Rx = Consumer;

    fn create(place: &Place, channel: &str) -> Producer {
        let book = Book::new();
        assert_eq!(book.encode().expect("an archive").len(), ARCHIVED, "the frame just holds the archive");
        let inner = TypedProducer::create(&name(place, channel), place.in_flight).expect("a ring");
        Producer { inner, book }
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
        self.book.turn(sequence);
        self.inner.publish(&self.book, 0).expect("an archive");
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
        self.inner.process_available_zero_copy::<Book, _>(&mut self.joined, |_, book| {
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
