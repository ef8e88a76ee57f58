#[myelon::channel(capacity = "3 MiB")]
struct Log([u8]);

fn main() {}
