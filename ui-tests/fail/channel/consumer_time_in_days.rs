#[myelon::channel(capacity = 1024, consumers(risk(required(startup = "2 days"))))]
struct Ticks(u64);

fn main() {}
