#[derive(serde::Serialize, serde::Deserialize)]
struct Order<'a> {
    name: &'a str,
}

#[myelon::channel(codec = postcard, capacity = "1 MiB")]
struct Orders(Order<'static>);

fn main() {}
