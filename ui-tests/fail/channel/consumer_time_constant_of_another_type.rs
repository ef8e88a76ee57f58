const STALL: u64 = 5;

#[myelon::channel(capacity = 1024, consumers(risk(required(stall = STALL))))]
struct Ticks(u64);

fn main() {}
