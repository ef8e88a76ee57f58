//! myelon: a structure of 4 KiB that is archived with rkyv straight into the ring, and of which the receiver reads one field
//! where it lies. It is validated first, as is the default.

use myelon_bench::message::book::{ARCHIVED, Book};
use myelon_bench::message::channel::{Books, BooksConsumer, BooksProducer};

use super::ours::name;
use super::{Ends, Place, Rx, Tx};

/// The subject.
#[derive(Debug)]
pub(crate) enum Ours {}

#[derive(Debug)]
pub(crate) struct Producer {
    inner: BooksProducer,
    book: Book,
}

impl Ends for Ours {
    type Tx = Producer;
    type Rx = BooksConsumer;

    fn create(place: &Place, channel: &str) -> Producer {
        let bytes = (place.in_flight * ARCHIVED).next_power_of_two() as u64;
        let inner = Books::producer(name(place, channel)).capacity(bytes).build().expect("a channel");
        Producer { inner, book: Book::default() }
    }

    fn attach(place: &Place, channel: &str, _: usize) -> BooksConsumer {
        Books::consumer(name(place, channel), "c0").build().expect("the channel")
    }
}

impl Tx for Producer {
    #[inline(always)]
    fn publish(&mut self, sequence: u64) {
        self.book.turn(sequence);
        self.inner.publish(&self.book).expect("room");
    }
}

impl Rx for BooksConsumer {
    #[inline(always)]
    fn recv(&mut self, sequence: u64) -> u64 {
        let lease = (**self).recv().expect("a message").expect("an open channel");
        lease.difference(sequence)
    }

    #[inline(always)]
    fn drain(&mut self, next: u64, wrong: &mut u64) -> u64 {
        let mut sequence = next;
        let mut bits = 0;
        let count = (**self).drain(|book, _| {
            bits |= book.difference(sequence);
            sequence += 1;
        });
        *wrong |= bits;
        count.expect("messages")
    }
}
