#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Order(),
}

fn main() {}
