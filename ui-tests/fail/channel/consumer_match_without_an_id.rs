#[myelon::channel(capacity = 1024, consumers(journal(required), dash))]
struct Ticks(u64);

fn name(id: TicksConsumerId) -> &'static str {
    match id {
        TicksConsumerId::Journal => "the journal",
    }
}

fn main() {
    let _ = name(TicksConsumerId::Journal);
}
