#[myelon::channel(capacity = 1024, consumers(risk(required(on_death = wait(evict)))))]
struct Ticks(u64);

fn main() {}
