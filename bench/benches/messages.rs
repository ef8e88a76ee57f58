//! What a message costs while no other core is involved: to publish and to receive bytes, and to encode and decode a
//! structure of 4 KiB.

#![allow(
    clippy::expect_used,
    missing_docs,
    reason = "a benchmark stops at the first failure; criterion's macros make the items"
)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use myelon::codec::{Codec, Postcard, Rkyv, ZeroCopy};
use myelon::{ConsumerBuilder, Location, MessageChannel, ProducerBuilder};
use myelon_bench::message::book::{ARCHIVED, Book};
use myelon_bench::message::channel::{Books, Log, Orders};
use myelon_bench::message::{Lengths, Messages};

/// Published before so many are received: a consumer that finds one message at each look holds back for more now and then,
/// and that is not what is to be timed.
const RUN: u64 = 64;
/// Of later books than this one field is looked at only.
const LATER: u64 = 1 << 10;

/// Both ends of a channel, in anonymous memory.
fn both<C: MessageChannel>() -> (C::Tx, C::Rx) {
    let at = Location::anonymous().expect("memory");
    let tx = ProducerBuilder::<C>::new(&at).build().expect("a channel");
    let rx = ConsumerBuilder::<C>::new(&at, "bench").build().expect("the channel");
    (tx, rx)
}

fn bytes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("message, runs of 64");
    for length in [64, 1 << 10, 16 << 10] {
        let messages = Messages::new(Lengths::Same(length));
        group.throughput(Throughput::Bytes(RUN * length as u64));
        group.bench_function(BenchmarkId::new("publish and receive", length), |bencher| {
            let (mut tx, mut rx) = both::<Log>();
            bencher.iter(|| {
                for sequence in 0..RUN {
                    tx.publish(messages.message(sequence)).expect("room");
                }
                for _ in 0..RUN {
                    black_box(rx.try_recv().expect("a message").is_some());
                }
            });
        });
        group.bench_function(BenchmarkId::new("claim and receive", length), |bencher| {
            let (mut tx, mut rx) = both::<Log>();
            bencher.iter(|| {
                for sequence in 0..RUN {
                    let mut claim = tx.claim(length).expect("room");
                    claim.copy_from_slice(messages.message(sequence));
                    claim.commit(length).expect("what was claimed");
                }
                for _ in 0..RUN {
                    black_box(rx.try_recv().expect("a message").is_some());
                }
            });
        });
    }
    group.finish();
}

/// The formats by themselves: into and out of memory of this process.
fn codecs(criterion: &mut Criterion) {
    /// Archives are read where they are aligned like the ring.
    #[repr(align(16))]
    struct Aligned([u8; 2 * ARCHIVED]);

    let mut group = criterion.benchmark_group("codec");
    let mut book = Book::default();
    book.turn(LATER);
    let mut out = Aligned([0; 2 * ARCHIVED]);
    group.bench_function("rkyv encode", |bencher| {
        bencher.iter(|| <Rkyv as ZeroCopy<Book>>::encode(black_box(&book), &mut out.0).expect("room"));
    });
    let length = <Rkyv as ZeroCopy<Book>>::encode(&book, &mut out.0).expect("room");
    let archive = out.0.get(..length).expect("what was written");
    group.bench_function("rkyv view", |bencher| {
        bencher.iter(|| {
            <Rkyv as ZeroCopy<Book>>::view(black_box(archive)).expect("an archive").difference(LATER)
        });
    });
    group.bench_function("postcard encode", |bencher| {
        bencher.iter(|| <Postcard as Codec<Book>>::encode(black_box(&book), &mut out.0).expect("room"));
    });
    let length = <Postcard as Codec<Book>>::encode(&book, &mut out.0).expect("room");
    let encoded = out.0.get(..length).expect("what was written");
    group.bench_function("postcard decode", |bencher| {
        bencher.iter(|| <Postcard as Codec<Book>>::decode(black_box(encoded)).expect("a book"));
    });
    group.finish();
}

/// The formats in the ring.
fn books(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("book of 4 KiB, runs of 64");
    let mut book = Book::default();
    group.throughput(Throughput::Elements(RUN));
    group.bench_function("rkyv publish and receive", |bencher| {
        let (mut tx, mut rx) = both::<Books>();
        bencher.iter(|| {
            for sequence in LATER..LATER + RUN {
                book.turn(sequence);
                tx.publish(&book).expect("room");
            }
            for sequence in LATER..LATER + RUN {
                let lease = rx.try_recv().expect("a message").expect("an open channel");
                black_box(lease.difference(sequence));
            }
        });
    });
    group.bench_function("postcard publish and receive", |bencher| {
        let (mut tx, mut rx) = both::<Orders>();
        bencher.iter(|| {
            for sequence in LATER..LATER + RUN {
                book.turn(sequence);
                tx.publish(&book).expect("room");
            }
            for _ in 0..RUN {
                let lease = rx.try_recv().expect("a message").expect("an open channel");
                black_box(&*lease);
            }
        });
    });
    group.finish();
}

criterion_group!(benches, bytes, codecs, books);
criterion_main!(benches);
