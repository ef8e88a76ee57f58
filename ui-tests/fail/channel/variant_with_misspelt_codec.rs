#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    #[codec(poscard)]
    Order(u64),
}

fn main() {}
