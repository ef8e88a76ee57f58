#[myelon::channel(capacity = 1024, consumers(risk(required(stal = "5 s", grace = "2 s"))))]
struct Ticks(u64);

fn main() {}
