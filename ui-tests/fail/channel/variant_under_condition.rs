#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    #[cfg(unix)]
    Note([u8]),
    Other([u8]),
}

fn main() {}
