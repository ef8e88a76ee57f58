#[myelon::channel(capacity = 1024, declared_only)]
struct Ticks(u64);

fn main() {}
