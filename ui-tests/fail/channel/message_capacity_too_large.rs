#[myelon::channel(capacity = "16 GiB")]
struct Log([u8]);

fn main() {}
