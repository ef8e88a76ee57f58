//! The journal, a required consumer: writes every trade to a file, once, however often it is killed.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::Result;
use crate::desk::{Desk, LOOK_UP, say, word};
use crate::follow::{close, follow};
use crate::trade::{Trade, Trades};

pub(crate) fn path(folder: &Path, channel: &str) -> PathBuf {
    folder.join(channel)
}

pub(crate) fn run(desk: &Desk, channel: &str, folder: &Path) -> Result {
    let mut trades = Trades::attach_journal(channel)?;
    let path = path(folder, channel);
    let mut file = OpenOptions::new().create(true).write(true).truncate(false).open(path)?;
    // Trades that were written but not yet released when this was killed come again; half a one is written anew.
    let mut written = file.metadata()?.len() / Trade::BYTES as u64;
    file.set_len(written * Trade::BYTES as u64)?;
    file.seek(SeekFrom::End(0))?;
    let start = trades.sequence();
    say(word::READY, start, format_args!("begins with trade {start}; its file has {written}"))?;
    if start > written {
        return Err(format!("trades {written} to {start} are lost").into());
    }

    let mut bytes = Vec::new();
    let end = follow(desk, || {
        let Some(mut batch) = trades.batch_timeout(LOOK_UP)? else { return Ok(None) };
        let mut sequence = batch.sequence();
        while let Some(trade) = batch.next() {
            if sequence == written {
                bytes.extend(trade.to_bytes());
                written += 1;
            }
            sequence += 1;
        }
        file.write_all(&bytes)?;
        bytes.clear();
        // Only now may the ring forget them: whatever happens from here on, they are in the file.
        drop(batch);
        Ok(Some(sequence))
    })?;
    file.flush()?;
    close(end, written, format_args!("{written} trades are in its file"))
}
