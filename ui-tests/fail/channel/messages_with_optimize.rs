#[myelon::channel(capacity = "1 MiB", optimize = latency)]
struct Log([u8]);

fn main() {}
