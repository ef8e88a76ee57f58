use std::time::Duration;

const STALL: Duration = Duration::from_millis(5);

#[myelon::channel(capacity = 1024, consumers(risk(required(stall = STALL, check = "1 s"))))]
struct Ticks(u64);

fn main() {}
