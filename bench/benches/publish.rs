//! What a publish costs while nobody waits: single events and batches, each discipline and size.

#![allow(
    clippy::expect_used,
    missing_docs,
    reason = "a benchmark stops at the first failure; criterion's macros make the items"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput as Amount, criterion_group, criterion_main};
use myelon_bench::channel::{Latency, Pair, Throughput, Tuning};
use myelon_bench::event;

/// Published between two drains, which are not timed.
const RUN: u64 = 1024;
const BATCH: u64 = 64;

/// The time that `iterations` calls of `publish` take, each of `step` events. The ring is emptied in between.
fn timed<T: Tuning, const W: usize>(
    pair: &mut Pair<T, W>,
    iterations: u64,
    step: u64,
    mut publish: impl FnMut(&mut Pair<T, W>, u64),
) -> Duration {
    let mut total = Duration::ZERO;
    let mut left = iterations;
    while left > 0 {
        let calls = left.min(RUN / step);
        let began = Instant::now();
        for call in 0..calls {
            publish(pair, call);
        }
        total += began.elapsed();
        pair.empty().expect("events");
        left -= calls;
    }
    total
}

fn size<T: Tuning, const W: usize>(criterion: &mut Criterion, name: &str) {
    let mut group = criterion.benchmark_group(format!("publish {name}"));
    let mut pair = Pair::<T, W>::new().expect("a channel");
    group.throughput(Amount::Elements(1));
    group.bench_function(BenchmarkId::new("single", W * 8), |bencher| {
        bencher.iter_custom(|iterations| {
            timed(&mut pair, iterations, 1, |pair, call| {
                black_box(pair.producer.publish(event(call)).is_ok());
            })
        });
    });
    group.throughput(Amount::Elements(BATCH));
    group.bench_function(BenchmarkId::new("batch of 64", W * 8), |bencher| {
        bencher.iter_custom(|iterations| {
            timed(&mut pair, iterations, BATCH, |pair, call| {
                let write = |index: usize, slot: &mut _| *slot = event(call + index as u64);
                black_box(pair.producer.publish_batch(BATCH as usize, write).is_ok());
            })
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

fn publish(criterion: &mut Criterion) {
    sizes::<Latency>(criterion, "latency");
    sizes::<Throughput>(criterion, "throughput");
}

criterion_group!(benches, publish);
criterion_main!(benches);
