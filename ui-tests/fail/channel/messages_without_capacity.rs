#[myelon::channel(max_message = "1 MiB")]
struct Log([u8]);

fn main() {}
