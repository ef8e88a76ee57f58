#[myelon::channel(capacity = "1.5 MiB")]
struct Log([u8]);

fn main() {}
