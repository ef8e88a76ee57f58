//! Every option, every value, numbers with underscores and suffixes, and constants.

use myelon::{Channel, WaitStrategy};

mod limits {
    pub const SLOTS: usize = 1 << 12;
    pub const VERSION: u64 = 7;
}

#[myelon::channel(capacity = 65_536)]
struct Defaults(u64);

#[myelon::channel(
    capacity = 0x1_0000u64,
    optimize = latency,
    wait = spin,
    max_consumers = 256usize,
    version = 18_446_744_073_709_551_615,
    crate = ::myelon,
)]
struct All(u64);

#[myelon::channel(capacity = limits::SLOTS, version = limits::VERSION, max_consumers = 2 * 2, wait = yield)]
struct Constants(u64);

#[myelon::channel(capacity = 1, optimize = throughput, wait = park)]
struct Smallest([u64; 32]);

#[myelon::channel(capacity = 4294967296, wait = adaptive)]
struct Largest(bool);

fn main() {
    let config = Defaults::CONFIG;
    assert_eq!((config.name, config.capacity, config.max_consumers, config.version), ("Defaults", 65_536, 16, 0));
    assert!(matches!(config.wait, WaitStrategy::Adaptive));
    let config = All::CONFIG;
    assert_eq!((config.capacity, config.max_consumers, config.version), (65_536, 256, u64::MAX));
    assert!(matches!(config.wait, WaitStrategy::Spin));
    let config = Constants::CONFIG;
    assert_eq!((config.capacity, config.max_consumers, config.version), (4096, 4, 7));
    assert!(matches!(config.wait, WaitStrategy::Yield));
    assert!(matches!(Smallest::CONFIG.wait, WaitStrategy::Park));
    assert_eq!((Smallest::CONFIG.capacity, Largest::CONFIG.capacity), (1, 1 << 32));
}
