#[myelon::channel(codec = postcard, capacity = "1 MiB")]
struct Names((u64, &'static str));

fn main() {}
