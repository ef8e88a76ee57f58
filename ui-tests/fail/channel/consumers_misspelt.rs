#[myelon::channel(capacity = 1024, consumer(journal), declared_only)]
struct Ticks(u64);

fn main() {}
