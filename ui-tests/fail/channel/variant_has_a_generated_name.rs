#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    #[codec(postcard)]
    Order(Vec<FeedRef>),
}

fn main() {}
