#[myelon::channel(capacity = 1024, max_consumers = 2, consumers(a(required), b, c(required), d(required), e(lossy)))]
struct Ticks(u64);

fn main() {}
