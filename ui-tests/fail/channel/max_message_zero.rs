#[myelon::channel(capacity = "1 MiB", max_message = 0)]
struct Log([u8]);

fn main() {}
