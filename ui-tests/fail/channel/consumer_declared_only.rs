#[myelon::channel(capacity = 1024, consumers(journal(required), declared_only))]
struct Ticks(u64);

fn main() {}
