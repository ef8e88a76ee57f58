#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    #[codec(postcard)]
    Note([u8]),
}

fn main() {}
