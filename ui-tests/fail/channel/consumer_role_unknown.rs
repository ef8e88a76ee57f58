#[myelon::channel(capacity = 1024, consumers(journal(gating)))]
struct Ticks(u64);

fn main() {}
