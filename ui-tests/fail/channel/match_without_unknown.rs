#[myelon::channel(capacity = "1 MiB", evolves = true)]
enum Feed {
    Note([u8]),
    Number(u64),
}

fn read(message: FeedRef<'_>) -> usize {
    match message {
        FeedRef::Note(bytes) => bytes.len(),
        FeedRef::Number(number) => *number as usize,
    }
}

fn main() {}
