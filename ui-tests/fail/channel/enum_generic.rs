#[myelon::channel(capacity = "1 MiB")]
enum Feed<T> {
    Note([u8]),
    Value(T),
}

fn main() {}
