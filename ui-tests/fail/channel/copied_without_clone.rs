#[derive(serde::Serialize, serde::Deserialize)]
struct Order {
    id: u64,
}

#[myelon::channel(capacity = "1 MiB", owned = true)]
enum Feed {
    Note([u8]),
    #[codec(postcard)]
    Order(Order),
}

fn main() -> Result<(), myelon::Error> {
    let mut rx = Feed::attach("feed", "reader")?;
    if let Some(lease) = rx.recv()? {
        let message = lease.to_owned()?;
        drop((lease, message));
    }
    Ok(())
}
