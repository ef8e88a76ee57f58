//! Random mixes of lengths, from nothing to several rings, gigabytes of them, all compared.

use myelon_tests::messages::Sizes;
use myelon_tests::{Random, over_every_location};

/// Rings, the longest message over each, and how much of 256 parts of the bytes goes over it: a small ring is slow.
const MIXES: [(u64, u64, u64); 4] =
    [(256, 2_000, 1), (4096, 20_000, 15), (64 << 10, 300_000, 80), (1 << 20, 3 << 20, 160)];
/// What all tests together move if nothing else is said.
const DEFAULT: u64 = 1 << 30;
const PORTION: u64 = 64 << 20;

/// Bytes that one test moves: `MYELON_TEST_BYTES` are those of all locations together.
fn bytes() -> u64 {
    #[allow(clippy::disallowed_methods, reason = "a switch of the tests, not of the library")]
    let given = std::env::var("MYELON_TEST_BYTES").ok().and_then(|bytes| bytes.parse().ok());
    given.unwrap_or(DEFAULT) / 3
}

/// How many messages of these sizes have so many bytes.
fn count(sizes: &Sizes, bytes: u64) -> u64 {
    let (mut count, mut sum) = (0, 0);
    while sum < bytes {
        sum += sizes.at(count);
        count += 1;
    }
    count
}

over_every_location! {
    fn gigabytes_of_every_length_arrive_whole(arena) {
        let mut random = Random::new();
        for (capacity, most, share) in MIXES {
            let len = format!("mix:{most}:{}", random.below(1 << 32));
            let sizes = Sizes::parse(&len);
            let n = count(&sizes, bytes() / 256 * share);
            let portion = count(&sizes, PORTION);
            let at = arena.spot(&format!("c{capacity}")).text();
            let (mut tx, mut rx, mut other) = (arena.peer(), arena.peer(), arena.peer());
            tx.ask(format!("create type=Log at={at} cap={capacity} max={most}"));
            rx.ask(format!("attach type=Log at={at} id=a max={most}"));
            other.ask(format!("attach type=Log at={at} id=b max={most}"));
            let (every, quick) = (*random.pick(&["mixed limit=any", "drain", "batch"]), *random.pick(&["lease", "wait", "value"]));
            rx.tell(format!("receive form={every} len={len}"));
            other.tell(format!("receive form={quick} len={len}"));
            let run = 1 + random.below(20);
            // In portions, each of which ends in time.
            while tx.ask("ask-tx").num("next") < n {
                let until = n.min(tx.ask("ask-tx").num("next") + portion);
                let publish = format!("publish until={until} form=mixed limit=any run={run} len={len}");
                tx.ask_beside(publish, &mut [&mut rx, &mut other]);
            }
            tx.leave();
            for consumer in [&mut rx, &mut other] {
                let seen = consumer.expect();
                assert_eq!((seen.num("got"), seen.num("closed")), (n, 1), "{len}");
                assert!(seen.num("joined") > 0);
                consumer.leave();
            }
        }
    }
}
