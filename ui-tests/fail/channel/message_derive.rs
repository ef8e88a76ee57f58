#[myelon::channel(codec = postcard, capacity = "1 MiB")]
#[derive(Debug)]
struct Numbers(u64);

fn main() {}
