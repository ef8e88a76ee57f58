#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    #[codec = "postcard"]
    Order(u64),
}

fn main() {}
