#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Order(u64, u32),
}

fn main() {}
