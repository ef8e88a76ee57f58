#[myelon::channel(capacity = 1024)]
fn ticks() {}

fn main() {}
