use std::io::ErrorKind;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use rustix::fs::{Mode, ftruncate};

use super::{
    create_new, fallocate, link_into, memfd, names_in, open_directory, open_existing, rename_new,
    rename_over, reopen, reopen_number, seal_length, space, unlink, unnamed,
};
use crate::os::facts::{FileFacts, FileKind};

fn mode_of(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o7777
}

#[test]
fn an_unnamed_file_gets_its_name_once_and_only_if_it_is_free() {
    let dir = tempfile::tempdir().unwrap();
    let at = open_directory(None, dir.path(), true).unwrap();
    let Some(file) = unnamed(at.as_fd()).unwrap() else { return };
    assert_eq!(names_in(at.as_fd(), 10).unwrap().len(), 0, "visible before it has a name");
    assert_eq!(FileFacts::of(&file).unwrap().nlink, 0);

    let name = Path::new("x");
    link_into(at.as_fd(), file.as_fd(), name).unwrap();
    assert_eq!(mode_of(&dir.path().join(name)), 0o600);
    let of_name = FileFacts::of_name(at.as_fd(), name).unwrap().unwrap();
    assert!(of_name.same_file(&FileFacts::of(&file).unwrap()));
    assert_eq!((of_name.nlink, of_name.kind), (1, FileKind::Regular));

    let second = unnamed(at.as_fd()).unwrap().unwrap();
    let refused = link_into(at.as_fd(), second.as_fd(), name).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
}

#[test]
fn renames_take_a_free_name_or_replace_the_old_file_in_one_step() {
    let dir = tempfile::tempdir().unwrap();
    let at = open_directory(None, dir.path(), true).unwrap();
    let [a, b, c] = ["a", "b", "c"].map(Path::new);
    let first = FileFacts::of(create_new(at.as_fd(), a).unwrap()).unwrap();
    create_new(at.as_fd(), b).unwrap();
    assert_eq!(create_new(at.as_fd(), a).unwrap_err().kind(), ErrorKind::AlreadyExists);
    assert_eq!(rename_new(at.as_fd(), a, b).unwrap_err().kind(), ErrorKind::AlreadyExists);
    rename_new(at.as_fd(), a, c).unwrap();
    rename_over(at.as_fd(), c, b).unwrap();
    assert!(FileFacts::of_name(at.as_fd(), b).unwrap().unwrap().same_file(&first));
    assert_eq!(FileFacts::of_name(at.as_fd(), c).unwrap(), None);
    unlink(at.as_fd(), b).unwrap();
    assert_eq!(FileFacts::of_name(at.as_fd(), b).unwrap(), None);
}

#[test]
fn opening_follows_no_link_and_blocks_on_no_pipe() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("target");
    std::fs::write(&target, b"x").unwrap();
    let link = dir.path().join("link");
    symlink(&target, &link).unwrap();
    let error = open_existing(None, &link, true).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(libc::ELOOP));
    let fifo = dir.path().join("fifo");
    rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, Mode::RUSR | Mode::WUSR).unwrap();
    for writable in [false, true] {
        let opened = open_existing(None, &fifo, writable).unwrap();
        assert_eq!(FileFacts::of(opened).unwrap().kind, FileKind::Fifo);
    }
    let missing = open_existing(None, &dir.path().join("none"), false).unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
}

#[test]
fn a_descriptor_is_opened_anew_by_its_number_if_it_is_a_file() {
    let file = memfd("myelon-test", false).unwrap();
    let again = reopen_number(file.as_raw_fd(), true).unwrap();
    assert!(FileFacts::of(&again).unwrap().same_file(&FileFacts::of(&file).unwrap()));
    assert!(rustix::io::fcntl_getfd(&again).unwrap().contains(rustix::io::FdFlags::CLOEXEC));

    let (pipe, _other) = std::os::unix::net::UnixStream::pair().unwrap();
    let text = reopen(pipe.as_fd(), true).unwrap_err().to_string();
    assert!(text.contains("a socket, not a regular file"), "{text}");
    assert_eq!(reopen_number(1_000_000, true).unwrap_err().raw_os_error(), Some(libc::EBADF));
}

#[test]
fn memory_is_reserved_whole_or_refused() {
    let dir = tempfile::tempdir().unwrap();
    let at = open_directory(None, dir.path(), true).unwrap();
    let file = create_new(at.as_fd(), Path::new("f")).unwrap();
    let len = 130 << 20; // more than one step
    fallocate(&file, len).unwrap();
    let stat = rustix::fs::fstat(&file).unwrap();
    assert_eq!(stat.st_size.cast_unsigned(), len);
    assert!(stat.st_blocks.cast_unsigned() * 512 >= len, "a hole where memory was promised");

    let space = space(&file).unwrap().unwrap();
    assert!(space.free <= space.total && space.total > 0);
    let second = create_new(at.as_fd(), Path::new("g")).unwrap();
    let error = fallocate(&second, space.total + 1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StorageFull);
    assert_eq!(FileFacts::of(&second).unwrap().len, 0, "filled what others share");
}

#[test]
fn sealed_memory_keeps_its_length() {
    let file = memfd("myelon-test", false).unwrap();
    assert_eq!(FileFacts::of(&file).unwrap().mode & 0o177, 0, "others may open it");
    fallocate(&file, 4096).unwrap();
    seal_length(&file).unwrap();
    assert!(ftruncate(&file, 0).is_err());
    assert!(ftruncate(&file, 8192).is_err());
    assert_eq!(space(&file).unwrap(), None);
}

#[test]
fn a_listing_stops_at_its_bound() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a", "b", "c"] {
        std::fs::write(dir.path().join(name), b"").unwrap();
    }
    let at = open_directory(None, dir.path(), true).unwrap();
    assert_eq!(names_in(at.as_fd(), 2).unwrap().len(), 2);
    let mut all = names_in(at.as_fd(), 100).unwrap();
    all.sort();
    assert_eq!(all, ["a", "b", "c"]);
}
