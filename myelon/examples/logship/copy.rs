//! The third consumer: writes every byte to a file again.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::lines::kind;
use crate::receive::receive;

/// Where the copy of the source with this name goes, the `index`th of all.
pub(crate) fn path(folder: &Path, index: usize, source: &Path) -> PathBuf {
    let name = source.file_name().filter(|name| *name != "-").unwrap_or(OsStr::new("stdin"));
    let mut copy = std::ffi::OsString::from(format!("{index:03}-"));
    copy.push(name);
    folder.join(copy)
}

/// A file that is being written.
struct Copy {
    name: Vec<u8>,
    file: BufWriter<File>,
}

pub(crate) fn run(channel: &str, folder: &Path, kept: bool) -> Result {
    let outcome = write(channel, folder);
    if outcome.is_err() && !kept {
        // The first process may not be there any more to do it.
        let _ = std::fs::remove_dir_all(folder);
    }
    outcome
}

fn write(channel: &str, folder: &Path) -> Result {
    let mut copies: Vec<Copy> = Vec::new();
    let mut current = 0;
    let got = receive(channel, "copy", |message| {
        match message.kind {
            kind::FILE => {
                if let Some(copy) = copies.get_mut(current) {
                    copy.file.flush()?;
                }
                current = match copies.iter().position(|copy| copy.name == message.bytes) {
                    Some(known) => known,
                    None => add(&mut copies, folder, message.bytes)?,
                };
            }
            kind::LINE | kind::PART => {
                let copy = copies.get_mut(current).ok_or("a line came before the name of its file")?;
                copy.file.write_all(message.bytes)?;
                if message.is_last {
                    copy.file.flush()?;
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    for copy in &mut copies {
        copy.file.flush()?;
    }
    writeln!(std::io::stdout(), "copy    {got}: written to {}", folder.display())?;
    Ok(())
}

fn add(copies: &mut Vec<Copy>, folder: &Path, name: &[u8]) -> Result<usize> {
    let index = copies.len();
    let path = path(folder, index, Path::new(OsStr::from_bytes(name)));
    let file = File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let file = BufWriter::with_capacity(1 << 18, file);
    copies.push(Copy { name: name.to_owned(), file });
    Ok(index)
}
