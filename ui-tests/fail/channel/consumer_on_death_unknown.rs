#[myelon::channel(capacity = 1024, consumers(risk(required(on_death = evikt))))]
struct Ticks(u64);

fn main() {}
