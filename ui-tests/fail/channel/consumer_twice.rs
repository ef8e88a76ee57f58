#[myelon::channel(capacity = 1024, consumers(journal(required), journal))]
struct Ticks(u64);

fn main() {}
