#[myelon::channel(capacity = 1024, consumers(journal), declared_only = "yes")]
struct Ticks(u64);

fn main() {}
