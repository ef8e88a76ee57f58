#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Capacity(u64),
}

fn main() {}
