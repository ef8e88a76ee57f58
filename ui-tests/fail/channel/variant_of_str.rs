#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Note(str),
}

fn main() {}
