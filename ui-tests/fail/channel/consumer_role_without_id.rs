#[myelon::channel(capacity = 1024, consumers(required(journal)))]
struct Ticks(u64);

fn main() {}
