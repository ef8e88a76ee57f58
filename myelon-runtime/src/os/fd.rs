//! Opening, naming and reserving files.
//!
//! Every descriptor made here is close-on-exec. None of these calls follows a symbolic link in the last
//! component of a path, truncates anything, or blocks on a named pipe.

use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use rustix::fs::{
    AtFlags, CWD, Dir, FallocateFlags, MemfdFlags, Mode, OFlags, RenameFlags, SealFlags,
    fallocate as os_fallocate, fchmod, fcntl_add_seals, fdatasync, fstatvfs, linkat, memfd_create, mkdirat,
    openat, renameat, renameat_with, statat, unlinkat,
};
use rustix::io::{Errno, FdFlags, fcntl_dupfd_cloexec, fcntl_setfd, pread};
use rustix::process::{Resource, getrlimit};

use super::facts::{FileFacts, FileKind};

/// Owner may read and write; nobody else may do anything.
const PRIVATE_FILE: Mode = Mode::RUSR.union(Mode::WUSR);
/// How much is reserved by one system call, so that a signal costs only the progress within one piece.
const RESERVE_STEP: u64 = 64 << 20;

const fn access(writable: bool) -> OFlags {
    if writable { OFlags::RDWR } else { OFlags::RDONLY }
}

/// Opens what exists, through a new file description. The caller checks what it is.
pub(crate) fn open_existing(dir: Option<BorrowedFd<'_>>, path: &Path, writable: bool) -> io::Result<OwnedFd> {
    // NONBLOCK keeps a named pipe from blocking the open; it means nothing to a regular file.
    let flags = access(writable) | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    Ok(openat(dir.unwrap_or(CWD), path, flags, Mode::empty())?)
}

/// Opens a directory: only to reach names in it, or to list it as well.
pub(crate) fn open_directory(dir: Option<BorrowedFd<'_>>, path: &Path, follow: bool) -> io::Result<OwnedFd> {
    let mut flags = OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::PATH;
    if !follow {
        flags |= OFlags::NOFOLLOW;
    }
    Ok(openat(dir.unwrap_or(CWD), path, flags, Mode::empty())?)
}

/// Makes a directory that only its owner may use. `AlreadyExists` is an error here.
pub(crate) fn make_directory(dir: BorrowedFd<'_>, name: &Path) -> io::Result<()> {
    Ok(mkdirat(dir, name, Mode::RWXU)?)
}

/// At most `limit` names in the directory, in no order, without `.` and `..`.
pub(crate) fn names_in(dir: BorrowedFd<'_>, limit: usize) -> io::Result<Vec<OsString>> {
    let readable = openat(dir, ".", OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    let mut names = Vec::new();
    for entry in Dir::new(readable)? {
        let name = entry?.file_name().to_bytes().to_vec();
        if name != b"." && name != b".." {
            if names.len() == limit {
                break;
            }
            names.push(OsString::from_vec(name));
        }
    }
    Ok(names)
}

/// The path under which the kernel shows descriptor number `number` of this process.
pub(crate) fn proc_path(number: i32) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{number}"))
}

/// A **new** file description of the file behind `fd`: locks of the two conflict, unlike those of a `dup`.
pub(crate) fn reopen(fd: BorrowedFd<'_>, writable: bool) -> io::Result<OwnedFd> {
    reopen_number(fd.as_raw_fd(), writable)
}

/// The same for a descriptor known only by its number, as a parent process hands it over.
///
/// A number that is not open, or is not a regular file, is an error, and nothing is opened.
pub(crate) fn reopen_number(number: i32, writable: bool) -> io::Result<OwnedFd> {
    let path = proc_path(number);
    // Follows the link of /proc; the kernel leads it to the very file, whether or not that has a name.
    match statat(CWD, &path, AtFlags::empty()) {
        Ok(stat) => {
            let kind = FileFacts::from_stat(&stat).kind;
            if kind != FileKind::Regular {
                let text = format!("descriptor {number} is {kind}, not a regular file");
                return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
            }
        }
        Err(Errno::NOENT) if statat(CWD, "/proc/self/fd", AtFlags::empty()).is_err() => {
            let text = "/proc is not mounted here; it is needed to open a descriptor anew";
            return Err(io::Error::new(io::ErrorKind::Unsupported, text));
        }
        Err(Errno::NOENT) => return Err(Errno::BADF.into()),
        Err(error) => return Err(error.into()),
    }
    Ok(openat(CWD, &path, access(writable) | OFlags::CLOEXEC | OFlags::NOCTTY, Mode::empty())?)
}

/// A duplicate that `exec` does not close, above the three standard ones.
pub(crate) fn inheritable(fd: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    let duplicate = fcntl_dupfd_cloexec(fd, 3)?;
    fcntl_setfd(&duplicate, FdFlags::empty())?;
    Ok(duplicate)
}

/// A file without a name in that directory, readable and writable by the owner; `None` where the file system
/// has no such files.
pub(crate) fn unnamed(dir: BorrowedFd<'_>) -> io::Result<Option<OwnedFd>> {
    #[cfg(myelon_crash)]
    if crate::sync::crash::has_only_named_files() {
        return Ok(None);
    }
    match openat(dir, ".", OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC, PRIVATE_FILE) {
        Ok(fd) => {
            // The process' umask may have taken the owner's own bits.
            fchmod(&fd, PRIVATE_FILE)?;
            Ok(Some(fd))
        }
        // What kernels and file systems that do not know the flag say.
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL | Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A new file of that name; `AlreadyExists` if there is one.
pub(crate) fn create_new(dir: BorrowedFd<'_>, name: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::CREATE | OFlags::EXCL | OFlags::RDWR | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let fd = openat(dir, name, flags, PRIVATE_FILE)?;
    fchmod(&fd, PRIVATE_FILE)?;
    Ok(fd)
}

/// Gives an unnamed file its name; `AlreadyExists` if that is taken.
pub(crate) fn link_into(dir: BorrowedFd<'_>, fd: BorrowedFd<'_>, name: &Path) -> io::Result<()> {
    match linkat(CWD, proc_path(fd.as_raw_fd()), dir, name, AtFlags::SYMLINK_FOLLOW) {
        // Without /proc; needs a privilege on kernels before 6.10.
        Err(Errno::NOENT) => Ok(linkat(fd, "", dir, name, AtFlags::EMPTY_PATH)?),
        result => Ok(result?),
    }
}

/// Renames, unless the new name is taken (`AlreadyExists`).
pub(crate) fn rename_new(dir: BorrowedFd<'_>, from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(dir, from, dir, to, RenameFlags::NOREPLACE) {
        // The file system cannot. For a moment the file has two names; whoever opens it then is told so.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
            linkat(dir, from, dir, to, AtFlags::empty())?;
            unlink(dir, from)
        }
        result => Ok(result?),
    }
}

/// Renames over whatever has the new name, in one step for everyone who looks.
pub(crate) fn rename_over(dir: BorrowedFd<'_>, from: &Path, to: &Path) -> io::Result<()> {
    Ok(renameat(dir, from, dir, to)?)
}

/// Removes a name; open descriptors and mappings of the file stay good.
pub(crate) fn unlink(dir: BorrowedFd<'_>, name: &Path) -> io::Result<()> {
    Ok(unlinkat(dir, name, AtFlags::empty())?)
}

/// A file in memory that has no name anywhere. Its length can be sealed with [`seal_length`].
pub(crate) fn memfd(name: &str, huge: bool) -> io::Result<OwnedFd> {
    let base = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let base = if huge { base | MemfdFlags::HUGETLB } else { base };
    let fd = match memfd_create(name, base | MemfdFlags::NOEXEC_SEAL) {
        Err(Errno::INVAL) => memfd_create(name, base)?, // a kernel before 6.3
        result => result?,
    };
    fchmod(&fd, PRIVATE_FILE)?;
    Ok(fd)
}

/// Nobody can change the length any more, so no mapping of it can ever fault. Only for files of [`memfd`].
pub(crate) fn seal_length(fd: impl AsFd) -> io::Result<()> {
    Ok(fcntl_add_seals(fd, SealFlags::SHRINK | SealFlags::GROW)?)
}

/// Reserves `len` bytes from the start of the file, and makes it that long (promise P3).
///
/// # Errors
/// `StorageFull` if there is no room, `Unsupported` if the file system cannot promise it. What was reserved
/// before the error stays so: the caller drops the file.
pub(crate) fn fallocate(fd: impl AsFd, len: u64) -> io::Result<()> {
    // Do not fill what others share only to find in the end that it is too small.
    if space(&fd)?.map_or_else(memory, |space| space.free) < len {
        return Err(Errno::NOSPC.into());
    }
    // Past this limit the kernel does not refuse: it sends a signal that ends the process.
    if getrlimit(Resource::Fsize).current.is_some_and(|most| most < len) {
        return Err(Errno::FBIG.into());
    }
    let mut done = 0;
    while done < len {
        let step = RESERVE_STEP.min(len - done);
        match os_fallocate(&fd, FallocateFlags::empty(), done, step) {
            Ok(()) => done += step,
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Waits until what was written to the file, through mappings as well, is where it stays when the power fails.
/// Costs nothing in memory.
pub(crate) fn settle(fd: impl AsFd) -> io::Result<()> {
    match fdatasync(fd) {
        // A file system that keeps nothing.
        Err(Errno::INVAL) => Ok(()),
        result => Ok(result?),
    }
}

/// Reads as much as there is, at most what `into` holds; returns how much. Never faults, whoever truncates the
/// file meanwhile.
pub(crate) fn read_at(fd: impl AsFd, into: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut done = 0;
    while let Some(rest) = into.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match pread(&fd, rest, offset + done as u64) {
            Ok(0) => break,
            Ok(read) => done += read,
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(done)
}

/// The room on a file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Space {
    /// Bytes that this user may still take.
    pub(crate) free: u64,
    /// Bytes in all.
    pub(crate) total: u64,
}

/// The room on the file system of `fd`; `None` where it has no bound of its own (anonymous memory).
pub(crate) fn space(fd: impl AsFd) -> io::Result<Option<Space>> {
    let facts = fstatvfs(fd)?;
    let bytes = |blocks: u64| blocks.saturating_mul(facts.f_frsize);
    Ok((facts.f_blocks != 0).then(|| Space { free: bytes(facts.f_bavail), total: bytes(facts.f_blocks) }))
}

/// Memory and swap space of the machine, in bytes: what has no bound of its own ends there, and other processes end
/// first.
fn memory() -> u64 {
    let facts = rustix::system::sysinfo();
    (facts.totalram + facts.totalswap).saturating_mul(facts.mem_unit.into())
}

/// The size of a page of memory, in bytes.
pub(crate) fn page_size() -> usize {
    rustix::param::page_size()
}

#[cfg(test)]
mod tests;
