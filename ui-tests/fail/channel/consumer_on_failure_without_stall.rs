#[myelon::channel(capacity = 1024, consumers(risk(required(on_failure = shutdown))))]
struct Ticks(u64);

fn main() {}
