#[myelon::channel(codec = pod, capacity = "1 MiB")]
struct Names([String]);

fn main() {}
