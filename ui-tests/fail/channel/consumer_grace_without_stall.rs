#[myelon::channel(capacity = 1024, consumers(risk(required(grace = "2 s"))))]
struct Ticks(u64);

fn main() {}
