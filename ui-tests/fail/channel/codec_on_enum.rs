#[myelon::channel(codec = postcard, capacity = "1 MiB")]
enum Feed {
    Note([u8]),
}

fn main() {}
