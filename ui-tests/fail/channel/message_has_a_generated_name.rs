#[myelon::channel(codec = postcard, capacity = "1 MiB")]
struct Numbers(Vec<NumbersProducer>);

fn main() {}
