#[myelon::channel(capacity = 1024, consumers(dash(lossy(stall = "5 s"))))]
struct Ticks(u64);

fn main() {}
