#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    #[codec]
    Order(u64),
    #[zero_copy()]
    Book(u64),
}

fn main() {}
