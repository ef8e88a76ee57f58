#[myelon::channel(capacity = "1 MiB")]
#[codec(postcard)]
struct Log([u8]);

fn main() {}
