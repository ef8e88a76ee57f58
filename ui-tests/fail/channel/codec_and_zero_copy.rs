#[myelon::channel(codec = postcard, zero_copy = rkyv, capacity = "1 MiB")]
struct Ticks(u64);

fn main() {}
