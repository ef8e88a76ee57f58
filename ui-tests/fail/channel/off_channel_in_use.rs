#[derive(serde::Serialize, serde::Deserialize)]
struct Order {
    name: String,
}

#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    #[codec(bincode)]
    Order(Order),
    Note([u8]),
}

fn main() {
    let mut tx = Feed::create("feed").unwrap();
    let _ = tx.order().try_publish(&Order { name: String::new() });
    let mut rx = Feed::attach("feed", "risk").unwrap();
    let _ = rx.drain(|message, _| match message {
        FeedRef::Order(order) => assert!(order.name.is_empty()),
        FeedRef::Note(_) => {}
    });
}
