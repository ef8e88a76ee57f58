struct Order(u64);

#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    #[codec(postcard)]
    Order(Order),
    Note([u8]),
}

fn main() {}
