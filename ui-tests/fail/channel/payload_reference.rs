#[myelon::channel(capacity = 1024)]
struct Log(&'static u64);

fn main() {}
