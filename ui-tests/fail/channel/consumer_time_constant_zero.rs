use std::time::Duration;

const STALL: Duration = Duration::ZERO;

#[myelon::channel(capacity = 1024, consumers(risk(required(stall = STALL))))]
struct Ticks(u64);

fn main() {}
