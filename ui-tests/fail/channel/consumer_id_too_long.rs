#[myelon::channel(capacity = 1024, consumers(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa))]
struct Ticks(u64);

fn main() {}
