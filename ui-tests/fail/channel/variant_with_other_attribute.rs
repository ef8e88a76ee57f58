#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    #[non_exhaustive]
    Note([u8]),
}

fn main() {}
