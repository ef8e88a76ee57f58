#[myelon::channel(capacity = 1024, consumers(journal, lossy))]
struct Ticks(u64);

fn main() {}
