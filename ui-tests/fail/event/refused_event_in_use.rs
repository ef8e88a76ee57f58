use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Quote {
    len: usize,
}

#[myelon::channel(capacity = 8)]
struct Quotes(Quote);

fn main() {
    let mut tx = Quotes::create("quotes").unwrap();
    let _ = tx.try_publish(Quote::BLANK);
}
