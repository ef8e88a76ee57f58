#[myelon::channel(capacity = "1 MiB", evolves = true)]
struct Log([u8]);

fn main() {}
