#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    #[myelon::codec(postcard)]
    Order(u64),
}

fn main() {}
