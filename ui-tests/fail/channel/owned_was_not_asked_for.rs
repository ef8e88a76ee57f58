#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Note([u8]),
}

fn main() -> Result<(), myelon::Error> {
    let mut rx = Feed::attach("feed", "reader")?;
    let message = rx.recv()?.map(|lease| lease.into_owned());
    drop(message);
    Ok(())
}
