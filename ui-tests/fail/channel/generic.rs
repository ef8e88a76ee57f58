#[myelon::channel(capacity = 1024)]
struct Ticks<T>(T);

fn main() {}
