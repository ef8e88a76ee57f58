#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Note([u8]),
    Note([u8]),
}

fn main() {}
