#[myelon::channel(codec = poscard, capacity = "1 MiB")]
struct Numbers(u64);

fn main() {}
