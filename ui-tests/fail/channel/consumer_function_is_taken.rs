#[myelon::channel(capacity = 1024, consumers(journal(required)))]
struct Ticks(u64);

impl Ticks {
    fn attach_journal() {}
}

fn main() {}
