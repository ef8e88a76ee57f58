#[myelon::channel(capacity = 1024, consumers(journal(required), risk(required, after(journal))))]
struct Ticks(u64);

fn main() {}
