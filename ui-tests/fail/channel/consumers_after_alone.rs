#[myelon::channel(capacity = 1024, consumers(journal, after(journal)))]
struct Ticks(u64);

fn main() {}
