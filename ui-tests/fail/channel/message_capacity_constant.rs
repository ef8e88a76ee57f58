const BYTES: usize = 3000;

#[myelon::channel(capacity = BYTES)]
struct Log([u8]);

fn main() {}
