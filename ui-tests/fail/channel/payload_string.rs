#[myelon::channel(capacity = 1024)]
struct Log(String);

fn main() {}
