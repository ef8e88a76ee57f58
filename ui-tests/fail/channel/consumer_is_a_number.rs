#[myelon::channel(capacity = 1024, consumers(3))]
struct Ticks(u64);

fn main() {}
