#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Into(u64),
    TryInto([u8]),
    Borrow(u64),
    Deref(u64),
    Fmt(u64),
    TypeId(u64),
    // Found before the trait's.
    BorrowMut(u64),
    From(u64),
}

fn main() {}
