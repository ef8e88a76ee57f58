#[myelon::channel(capacity = 1024, consumers("risk-1"(required)))]
struct Ticks(u64);

fn main() {}
