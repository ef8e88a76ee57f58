struct Order {
    name: String,
}

#[myelon::channel(codec = postcard, capacity = "1 MiB")]
struct Orders(Order);

fn main() {}
