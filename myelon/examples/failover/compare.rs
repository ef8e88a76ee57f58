//! Whether the journal's file is what was published.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use crate::Result;
use crate::trade::Trade;

/// Fails unless `path` holds the first `published` trades, in order, and nothing else.
pub(crate) fn check(path: &Path, published: u64) -> Result {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let bytes = file.metadata()?.len();
    let expected = published * Trade::BYTES as u64;
    let mut file = BufReader::with_capacity(1 << 16, file);
    let mut record = [0; Trade::BYTES];
    for number in 0..published.min(bytes / Trade::BYTES as u64) {
        file.read_exact(&mut record)?;
        if record != Trade::of(number).to_bytes() {
            return Err(format!("the journal has something else in the place of trade {number}").into());
        }
    }
    if bytes != expected {
        let text =
            format!("the journal has {bytes} bytes; {published} trades were published, which are {expected}");
        return Err(text.into());
    }
    Ok(())
}
