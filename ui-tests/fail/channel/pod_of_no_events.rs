struct Price(u64);

#[myelon::channel(codec = pod, capacity = "1 MiB")]
struct Prices([Price]);

fn main() {}
