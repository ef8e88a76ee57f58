struct Monster<'a>(&'a [u8]);

#[myelon::channel(zero_copy = flatbuffers, capacity = "1 MiB")]
struct Monsters(Monster<'_>);

fn main() {}
