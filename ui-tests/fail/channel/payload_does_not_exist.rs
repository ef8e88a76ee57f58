#[myelon::channel(capacity = 1024)]
struct Ticks(Tick);

fn main() {}
