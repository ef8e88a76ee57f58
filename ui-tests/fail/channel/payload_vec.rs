#[myelon::channel(capacity = 1024)]
struct Log(Vec<u8>);

fn main() {}
