#[myelon::channel(capacity = 1024, consumers(journal(required, lossy)))]
struct Ticks(u64);

fn main() {}
