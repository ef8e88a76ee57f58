#[myelon::channel(capacity = 1024)]
struct Log(str);

fn main() {}
