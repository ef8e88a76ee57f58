#[myelon::channel(capacity = "4 MB")]
struct Log([u8]);

fn main() {}
