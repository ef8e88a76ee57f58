enum Format {}

#[myelon::channel(zero_copy = Format, capacity = "1 MiB")]
struct Numbers([u64]);

fn main() {}
