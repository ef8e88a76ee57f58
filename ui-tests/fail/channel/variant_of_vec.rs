#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Order(Vec<u64>),
}

fn main() {}
