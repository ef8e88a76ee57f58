#[myelon::channel(capacity = 1024, consumers(journal), consumers(risk))]
struct Ticks(u64);

fn main() {}
