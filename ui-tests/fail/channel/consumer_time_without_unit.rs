#[myelon::channel(capacity = 1024, consumers(risk(required(stall = "5"))))]
struct Ticks(u64);

fn main() {}
