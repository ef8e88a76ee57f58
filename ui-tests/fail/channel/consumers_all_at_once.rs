#[myelon::channel(
    capacity = 1000,
    consumers(
        journal(requierd),
        risk(required(stall = "5 sec", stall = "1 s", grace = 2, on_failure = stop, on_death = wait(evict))),
        risk(lossy),
        "dash"(lossy),
        screen(lossy(check = "1 s")),
        copy(required(grace = "2 s", patience = "1 h")),
        after(journal),
    ),
    declared_only = maybe,
)]
struct Ticks(u64, u64);

fn main() {
    let _ = (Ticks::attach_journal("ticks"), Ticks::consumer_risk("ticks"), Ticks::attach_copy("ticks"));
    let _ = TicksConsumerId::Journal;
}
