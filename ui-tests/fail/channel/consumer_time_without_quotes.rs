#[myelon::channel(capacity = 1024, consumers(risk(required(check = 100ms))))]
struct Ticks(u64);

fn main() {}
