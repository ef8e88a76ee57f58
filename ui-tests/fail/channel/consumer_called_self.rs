#[myelon::channel(capacity = 1024, consumers(self))]
struct Ticks(u64);

fn main() {}
