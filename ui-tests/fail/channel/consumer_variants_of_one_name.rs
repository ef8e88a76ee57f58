#[myelon::channel(capacity = 1024, consumers(a_b, a__b))]
struct Ticks(u64);

fn main() {}
