#[myelon::channel(capacity = 1024)]
struct Log(Box<u64>);

fn main() {}
