#[myelon::channel(capacity = 1024, consumers(risk(required(stall))))]
struct Ticks(u64);

fn main() {}
