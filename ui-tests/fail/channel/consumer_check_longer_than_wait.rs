#[myelon::channel(capacity = 1024, consumers(risk(required(check = "1 s", on_death = wait("500 ms")))))]
struct Ticks(u64);

fn main() {}
