#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    #[codec(postcard)]
    #[codec(pod)]
    Order(u64),
}

fn main() {}
