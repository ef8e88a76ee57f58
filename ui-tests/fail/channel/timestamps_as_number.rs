#[myelon::channel(capacity = "1 MiB", timestamps = 1)]
struct Log([u8]);

fn main() {}
