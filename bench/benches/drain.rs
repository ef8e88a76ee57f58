//! What it costs to take all events that are there and to look at every byte, each discipline and size.

#![allow(
    clippy::expect_used,
    missing_docs,
    reason = "a benchmark stops at the first failure; criterion's macros make the items"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput as Amount, criterion_group, criterion_main};
use myelon_bench::channel::{Latency, Pair, Throughput, Tuning};
use myelon_bench::difference;

/// Published, untimed, before each drain.
const RUN: u64 = 1024;

fn size<T: Tuning, const W: usize>(criterion: &mut Criterion, name: &str) {
    let mut group = criterion.benchmark_group(format!("drain {name}"));
    let mut pair = Pair::<T, W>::new().expect("a channel");
    group.throughput(Amount::Elements(RUN));
    group.bench_function(BenchmarkId::new("1024 events", W * 8), |bencher| {
        bencher.iter_custom(|iterations| {
            let mut total = Duration::ZERO;
            for _ in 0..iterations {
                pair.fill(RUN).expect("room");
                let began = Instant::now();
                let mut bits = 0;
                let drained = pair.consumer.try_drain(|event, meta| bits |= difference(event, meta.sequence));
                black_box(drained.is_ok());
                total += began.elapsed();
                black_box(bits);
            }
            total
        });
    });
    group.finish();
}

fn sizes<T: Tuning>(criterion: &mut Criterion, name: &str) {
    size::<T, 1>(criterion, name);
    size::<T, 4>(criterion, name);
    size::<T, 8>(criterion, name);
    size::<T, 32>(criterion, name);
}

fn drain(criterion: &mut Criterion) {
    sizes::<Latency>(criterion, "latency");
    sizes::<Throughput>(criterion, "throughput");
}

criterion_group!(benches, drain);
criterion_main!(benches);
