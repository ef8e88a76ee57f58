#[myelon::channel(capacity = 1024, consumers(risk(required(on_death = "5 s"))))]
struct Ticks(u64);

fn main() {}
