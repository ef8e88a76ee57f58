const NOTHING: u32 = 0;

#[myelon::channel(capacity = "1 MiB", max_message = NOTHING)]
struct Log([u8]);

fn main() {}
