#[myelon::channel(codec = bytes, capacity = "1 MiB")]
struct Numbers(u64);

fn main() {}
