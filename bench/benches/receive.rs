//! What it costs to take an event that is there: one lease at a time, each discipline and size.

#![allow(
    clippy::expect_used,
    missing_docs,
    reason = "a benchmark stops at the first failure; criterion's macros make the items"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput as Amount, criterion_group, criterion_main};
use myelon_bench::channel::{Latency, Pair, Throughput, Tuning};

/// Published, untimed, before so many are received.
const RUN: u64 = 1024;

fn size<T: Tuning, const W: usize>(criterion: &mut Criterion, name: &str) {
    let mut group = criterion.benchmark_group(format!("receive {name}"));
    let mut pair = Pair::<T, W>::new().expect("a channel");
    group.throughput(Amount::Elements(1));
    group.bench_function(BenchmarkId::new("lease", W * 8), |bencher| {
        bencher.iter_custom(|iterations| {
            let mut total = Duration::ZERO;
            let mut left = iterations;
            while left > 0 {
                let run = left.min(RUN);
                pair.fill(run).expect("room");
                let began = Instant::now();
                for _ in 0..run {
                    black_box(pair.consumer.try_recv().is_ok());
                }
                total += began.elapsed();
                left -= run;
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

fn receive(criterion: &mut Criterion) {
    sizes::<Latency>(criterion, "latency");
    sizes::<Throughput>(criterion, "throughput");
}

criterion_group!(benches, receive);
criterion_main!(benches);
