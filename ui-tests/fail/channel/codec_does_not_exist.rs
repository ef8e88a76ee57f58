#[myelon::channel(codec = my::Format, capacity = "1 MiB")]
struct Numbers(u64);

fn main() {}
