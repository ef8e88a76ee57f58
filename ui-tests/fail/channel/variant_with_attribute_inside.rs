#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Orders(#[codec(postcard)] u64),
}

fn main() {}
