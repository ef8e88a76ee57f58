#[myelon::channel(capacity = 1024, consumers(risk(required(patience = "5 s"))))]
struct Ticks(u64);

fn main() {}
