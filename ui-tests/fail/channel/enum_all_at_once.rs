use myelon::RingEvent;

#[derive(RingEvent, Clone, Copy)]
#[repr(C)]
struct Tick {
    price: u64,
}

#[myelon::channel(capacity = "3 MB", codec = postcard, evolves = yes)]
#[repr(u8)]
enum Feed {
    #[cfg(unix)]
    Tick(Tick) = 1,
    #[codec(pod)]
    Bars(Tick),
    #[zero_copy(rkiv)]
    Book(String),
    Note(str),
    Ping,
    Close([u8]),
}

fn main() {}
