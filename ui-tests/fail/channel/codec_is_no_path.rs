#[myelon::channel(codec = 7, capacity = "1 MiB")]
struct Numbers(u64);

fn main() {}
