#[myelon::channel(capacity = 1024, consumers(risk(required(startup = "0 ms"))))]
struct Ticks(u64);

fn main() {}
