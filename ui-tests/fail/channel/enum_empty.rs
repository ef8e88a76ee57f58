#[myelon::channel(capacity = "1 MiB")]
enum Feed {}

fn main() {}
