#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Note(pub [u8]),
}

fn main() {}
