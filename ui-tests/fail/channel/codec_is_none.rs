enum Format {}

#[myelon::channel(codec = Format, capacity = "1 MiB")]
struct Numbers(u64);

fn main() {}
