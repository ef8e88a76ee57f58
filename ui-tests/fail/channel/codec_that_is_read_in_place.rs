#[myelon::channel(codec = rkyv, capacity = "1 MiB")]
struct Numbers(u64);

fn main() {}
