#[myelon::channel(zero_copy = rkyv, capacity = "1 MiB")]
struct Names(std::borrow::Cow<'_, str>);

fn main() {}
