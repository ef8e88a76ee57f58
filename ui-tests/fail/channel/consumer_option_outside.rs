#[myelon::channel(capacity = 1024, consumers(journal(required), max_consumers = 4))]
struct Ticks(u64);

fn main() {}
