#[myelon::channel(capacity = 1024, consumers(risk(required())))]
struct Ticks(u64);

fn main() {}
