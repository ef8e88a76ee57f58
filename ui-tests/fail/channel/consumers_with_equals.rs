#[myelon::channel(capacity = 1024, consumers = [journal(required), dash(lossy)])]
struct Ticks(u64);

fn main() {}
