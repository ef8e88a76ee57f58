#[myelon::channel(codec = postcard, capacity = "1 MiB")]
struct Log([u8]);

fn main() {}
