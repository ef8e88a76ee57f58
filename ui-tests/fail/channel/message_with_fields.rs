#[myelon::channel(codec = postcard, capacity = "1 MiB")]
struct Numbers {
    number: u64,
}

fn main() {}
