#[myelon::channel(zero_copy = postcard, capacity = "1 MiB")]
struct Numbers(u64);

fn main() {}
