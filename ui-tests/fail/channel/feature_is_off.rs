#[derive(serde::Serialize, serde::Deserialize)]
struct Order {
    name: String,
}

#[myelon::channel(codec = bincode, capacity = "1 MiB")]
struct Orders(Order);

fn main() {}
