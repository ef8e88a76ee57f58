#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    #[cfg_attr(unix, cfg(unix))]
    Note([u8]),
}

fn main() {}
