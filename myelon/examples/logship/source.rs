//! A file or a pipe, as whole lines.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::Result;
use crate::compare::Sum;

/// How much is read at once; a longer line makes it grow.
const BLOCK: usize = 256 << 10;
/// How long to wait for more, before it is time to look around.
const A_WHILE: Timespec = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };

/// What is read, and the place in it.
pub(crate) struct Source {
    path: PathBuf,
    file: File,
    /// It can be read again, and an end may be for the moment only.
    is_file: bool,
    ended: bool,
    buffer: Vec<u8>,
    /// How many bytes of the buffer were read and not shipped.
    filled: usize,
    /// How many of those are known to hold no newline.
    searched: usize,
    /// The longest line that can be shipped in one piece.
    longest: usize,
    /// What was shipped.
    pub(crate) shipped: u64,
    /// The same, of what cannot be read again.
    pub(crate) sum: Sum,
}

impl Source {
    pub(crate) fn open(path: &Path, longest: usize) -> Result<Self> {
        let told = |error: io::Error| format!("{}: {error}", path.display());
        let file = if path.as_os_str() == "-" {
            File::from(io::stdin().as_fd().try_clone_to_owned()?)
        } else {
            File::open(path).map_err(told)?
        };
        let metadata = file.metadata().map_err(told)?;
        if metadata.is_dir() {
            return Err(told(ErrorKind::IsADirectory.into()).into());
        }
        // What is redirected to standard input may have been read in part.
        let is_file = metadata.is_file() && path.as_os_str() != "-";
        Ok(Self {
            path: path.to_owned(),
            file,
            is_file,
            ended: false,
            buffer: vec![0; BLOCK.min(longest)],
            filled: 0,
            searched: 0,
            longest,
            shipped: 0,
            sum: Sum::default(),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it can be opened and read once more.
    pub(crate) fn is_file(&self) -> bool {
        self.is_file
    }

    pub(crate) fn is_ended(&self) -> bool {
        self.ended
    }

    /// Reads a block. False if there is nothing more, at the moment or ever.
    pub(crate) fn read(&mut self, follow: bool) -> Result<bool> {
        if self.ended || !self.is_file && !is_ready(&[&*self], &AT_ONCE)? {
            return Ok(false);
        }
        if self.filled == self.buffer.len() {
            self.buffer.resize((2 * self.filled).min(self.longest), 0);
        }
        let (_, free) = self.buffer.split_at_mut(self.filled);
        let read = match self.file.read(free) {
            Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::WouldBlock) => {
                return Ok(false);
            }
            read => read.map_err(|error| format!("{}: {error}", self.path.display()))?,
        };
        self.ended = read == 0 && !(follow && self.is_file);
        self.filled += read;
        Ok(read > 0)
    }

    /// How many bytes of what is there are whole lines.
    pub(crate) fn whole_lines(&self) -> usize {
        let (_, new) = self.pending().split_at(self.searched);
        new.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| self.searched + at + 1)
    }

    /// Whether what is there is a part of a line that is too long for one message.
    pub(crate) fn is_too_long(&self) -> bool {
        self.filled == self.longest
    }

    /// What was read and not shipped.
    pub(crate) fn pending(&self) -> &[u8] {
        self.buffer.split_at(self.filled).0
    }

    /// Forgets the first `len` bytes: they are shipped, and what is left is no whole line.
    pub(crate) fn pass(&mut self, len: usize) {
        if !self.is_file {
            self.sum.add(self.buffer.split_at(len).0);
        }
        self.shipped += len as u64;
        self.buffer.copy_within(len..self.filled, 0);
        self.filled -= len;
        self.searched = self.filled;
    }
}

/// Waits a while for any of the pipes; a file that grows does not tell.
pub(crate) fn wait(sources: &[Source]) -> Result {
    let pipes: Vec<&Source> = sources.iter().filter(|source| !source.is_file && !source.ended).collect();
    is_ready(&pipes, &A_WHILE).map(drop)
}

fn is_ready(sources: &[&Source], timeout: &Timespec) -> Result<bool> {
    let mut polled: Vec<PollFd<'_>> =
        sources.iter().map(|source| PollFd::new(&source.file, PollFlags::IN)).collect();
    match poll(&mut polled, Some(timeout)) {
        Ok(ready) => Ok(ready > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
