#[myelon::channel(capacity = 1024, consumers(risk(required(on_death = wait(5, evict)))))]
struct Ticks(u64);

fn main() {}
