#[myelon::channel(codec = postcard, capacity = "1 MiB")]
struct Numbers(u64, u32);

fn main() {}
