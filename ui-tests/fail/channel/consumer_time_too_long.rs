#[myelon::channel(capacity = 1024, consumers(risk(required(startup = "6000000 h"))))]
struct Ticks(u64);

fn main() {}
