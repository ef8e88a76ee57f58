#[myelon::channel(capacity = 1024)]
struct Log([u8]);

fn main() {}
