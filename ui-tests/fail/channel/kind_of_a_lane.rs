#[myelon::channel(capacity = "1 MiB")]
enum Feed {
    Note([u8]),
    Tick(u64),
}

fn main() -> Result<(), myelon::Error> {
    let mut tx = Feed::create("feed")?;
    let mut claim = tx.note().claim(8)?;
    claim.set_kind(1);
    claim.commit(8)?;
    Ok(())
}
