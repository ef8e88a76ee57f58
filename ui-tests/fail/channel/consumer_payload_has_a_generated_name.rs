#[myelon::channel(capacity = "1 KiB", consumers(journal))]
enum Feed {
    Id(FeedConsumerId),
}

fn main() {}
