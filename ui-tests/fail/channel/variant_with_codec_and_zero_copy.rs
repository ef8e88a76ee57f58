#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    #[codec(postcard)]
    #[zero_copy(rkyv)]
    Order(u64),
}

fn main() {}
