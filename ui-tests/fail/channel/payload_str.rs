#[myelon::channel(capacity = "1 MiB")]
struct Log(str);

fn main() {}
