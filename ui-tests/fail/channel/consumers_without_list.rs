#[myelon::channel(capacity = 1024, consumers)]
struct Ticks(u64);

fn main() {}
