#[myelon::channel(capacity = 1024)]
struct Ticks();

fn main() {}
