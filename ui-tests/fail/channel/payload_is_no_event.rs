struct Price(u64);

#[myelon::channel(capacity = 1024)]
struct Prices(Price);

fn main() {}
