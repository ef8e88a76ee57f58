#[myelon::channel(capacity = 128)]
struct Log([u8]);

fn main() {}
