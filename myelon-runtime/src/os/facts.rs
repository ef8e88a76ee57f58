//! What the kernel says about a file: the facts that decide whether it is the one that was meant.

use core::fmt;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

use rustix::fs::{AtFlags, FileType, Stat, fstat, statat};
use rustix::io::Errno;

/// What kind of thing a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// An ordinary file, also one in shared memory.
    Regular,
    /// A directory.
    Directory,
    /// A symbolic link.
    SymbolicLink,
    /// A named pipe.
    Fifo,
    /// A socket.
    Socket,
    /// A character or block device.
    Device,
    /// Something else.
    Other,
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Regular => "a regular file",
            Self::Directory => "a directory",
            Self::SymbolicLink => "a symbolic link",
            Self::Fifo => "a named pipe",
            Self::Socket => "a socket",
            Self::Device => "a device",
            Self::Other => "something unknown",
        })
    }
}

impl From<FileType> for FileKind {
    fn from(kind: FileType) -> Self {
        match kind {
            FileType::RegularFile => Self::Regular,
            FileType::Directory => Self::Directory,
            FileType::Symlink => Self::SymbolicLink,
            FileType::Fifo => Self::Fifo,
            FileType::Socket => Self::Socket,
            FileType::CharacterDevice | FileType::BlockDevice => Self::Device,
            FileType::Unknown => Self::Other,
        }
    }
}

/// The facts about one file at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileFacts {
    /// The device that holds the file; with `ino`, its identity.
    pub(crate) dev: u64,
    /// The inode on that device.
    pub(crate) ino: u64,
    /// How many names it has. 0: unnamed, or deleted.
    pub(crate) nlink: u64,
    /// The owner's user id.
    pub(crate) uid: u32,
    /// The permission bits (`0o7777`).
    pub(crate) mode: u32,
    /// The length in bytes.
    pub(crate) len: u64,
    /// The unit in which the file is best mapped, in bytes; the page size where pages are huge.
    pub(crate) block: u64,
    /// What it is.
    pub(crate) kind: FileKind,
}

impl FileFacts {
    /// The facts about an open file.
    pub(crate) fn of(fd: impl AsFd) -> io::Result<Self> {
        Ok(Self::from_stat(&fstat(fd)?))
    }

    /// The facts about what `name` refers to now, without following a link; `None` if there is no such name.
    pub(crate) fn of_name(dir: BorrowedFd<'_>, name: &Path) -> io::Result<Option<Self>> {
        match statat(dir, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(Self::from_stat(&stat))),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether both are facts about one file, whatever its names.
    pub(crate) fn same_file(&self, other: &Self) -> bool {
        (self.dev, self.ino) == (other.dev, other.ino)
    }

    #[allow(
        clippy::unnecessary_cast,
        clippy::cast_sign_loss,
        clippy::cast_lossless,
        reason = "the fields of `stat` have other widths and signs on other architectures; none is negative"
    )]
    pub(super) fn from_stat(stat: &Stat) -> Self {
        Self {
            dev: stat.st_dev as u64,
            ino: stat.st_ino as u64,
            nlink: stat.st_nlink as u64,
            uid: stat.st_uid as u32,
            mode: stat.st_mode as u32 & 0o7777,
            len: stat.st_size as u64,
            block: stat.st_blksize as u64,
            kind: FileType::from_raw_mode(stat.st_mode as _).into(),
        }
    }
}
