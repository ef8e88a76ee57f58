#[myelon::channel(capacity = 1024, consumers(journal(requierd)))]
struct Ticks(u64);

fn main() {}
