#[myelon::channel(capacity = 1024, consumers(journal(reliable)))]
struct Ticks(u64);

fn main() {}
