#[myelon::channel(capacity = 1024)]
struct Beats([u8; 0]);

fn main() {}
