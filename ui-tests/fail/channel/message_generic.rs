#[myelon::channel(codec = postcard, capacity = "1 MiB")]
struct Numbers<T>(T);

fn main() {}
