#[myelon::channel(capacity = 1024, consumers(order_book, OrderBook))]
struct Ticks(u64);

fn main() {}
