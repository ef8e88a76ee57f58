#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Note([u8]),
}

fn read(rx: &mut FeedConsumer) -> Option<&[u8]> {
    let lease = rx.recv().ok()??;
    match lease.get() {
        FeedRef::Note(bytes) => Some(bytes),
    }
}

fn main() {}
