#[myelon::channel(capacity = 1024, consumers(journal()))]
struct Ticks(u64);

fn main() {}
