#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Note([u8]) = 3,
}

fn main() {}
