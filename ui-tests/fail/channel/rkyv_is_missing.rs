struct Book {
    name: String,
}

#[myelon::channel(zero_copy = rkyv, capacity = "1 MiB")]
struct Books(Book);

fn main() {}
