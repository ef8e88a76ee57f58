#[myelon::channel(capacity = "4096")]
struct Log([u8]);

fn main() {}
