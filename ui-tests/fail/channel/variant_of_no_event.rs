struct Order(u64);

#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Note([u8]),
    Order(Order),
}

fn main() {}
