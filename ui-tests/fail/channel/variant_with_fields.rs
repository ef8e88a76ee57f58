#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Order { price: u64 },
}

fn main() {}
