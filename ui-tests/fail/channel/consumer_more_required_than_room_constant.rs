const ROOM: usize = 1;

#[myelon::channel(capacity = 1024, max_consumers = ROOM, consumers(a(required), b(required)))]
struct Ticks(u64);

fn main() {}
