#[myelon::channel(capacity = "1 MiB", owned = true)]
struct Log([u8]);

fn main() {}
