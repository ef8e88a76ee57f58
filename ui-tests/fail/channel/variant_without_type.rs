#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Note([u8]),
    Ping,
}

fn main() {}
