#[myelon::channel(capacity = "1 MiB")]
#[derive(Debug)]
enum Feed {
    Note([u8]),
}

fn main() {}
