#[myelon::channel(capacity = "1 MiB", evolves = true)]
enum Feed {
    Unknown([u8]),
}

fn main() {}
