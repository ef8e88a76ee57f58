#[myelon::channel(capacity = 1024, consumers(journal(required)))]
struct Ticks(u64);

fn main() {
    let _ = Ticks::attach_jurnal("ticks");
}
