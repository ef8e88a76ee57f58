#[myelon::channel(capacity = 1024, consumers(risk(required(on_death = evict("5 s")))))]
struct Ticks(u64);

fn main() {}
