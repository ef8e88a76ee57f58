#[myelon::channel(capacity = 1024)]
struct Lengths(usize);

fn main() {}
