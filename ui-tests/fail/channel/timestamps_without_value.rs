#[myelon::channel(capacity = "1 MiB", timestamps)]
struct Log([u8]);

fn main() {}
