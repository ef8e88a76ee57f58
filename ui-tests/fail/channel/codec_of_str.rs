#[myelon::channel(codec = postcard, capacity = "1 MiB")]
struct Names(str);

fn main() {}
