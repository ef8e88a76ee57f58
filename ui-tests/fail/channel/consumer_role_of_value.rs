#[myelon::channel(capacity = 1024, consumers(journal(required = true)))]
struct Ticks(u64);

fn main() {}
