#[myelon::channel(capacity = 1024, consumers(risk(required(stall = "soon"))))]
struct Ticks(u64);

fn main() {}
