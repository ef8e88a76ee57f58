use core::sync::atomic::{AtomicU32, Ordering};
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::{Draft, Place, is_temporary};
use crate::location::{FileKind, Location, LocationError};
use crate::os::facts::FileFacts;
use crate::os::fd::fallocate;
use crate::os::lock::{LockByte, is_held_by_other, probe_conflicts, try_lock};
use crate::os::process::{pid, uid};

fn file(path: &Path) -> Place {
    Place::open(&Location::file(path), false).unwrap()
}

/// A name in shared memory that is removed in the end.
struct Shm(Place);

impl Shm {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("myelon unit test {} {}", pid(), COUNT.fetch_add(1, Ordering::Relaxed));
        Self(Place::open(&Location::name(&name).unwrap(), true).unwrap())
    }
}

impl Drop for Shm {
    fn drop(&mut self) {
        let _ = self.0.unlink();
    }
}

/// Other tests use the directory of shared memory at the same time.
fn own_leftover(place: &Place, name: &OsStr) -> bool {
    place.is_leftover(name) && is_temporary(name, place.file_name())
}

fn on_each(test: impl Fn(&Place)) {
    let dir = tempfile::tempdir().unwrap();
    test(&file(&dir.path().join("channel")));
    test(&Shm::new().0);
}

fn facts(place: &Place) -> FileFacts {
    place.facts_of_name().unwrap().unwrap()
}

fn drafts(place: &Place) -> [Draft; 2] {
    [place.create_unnamed().unwrap(), place.create_temporary().unwrap()]
}

#[test]
fn a_draft_is_invisible_until_published_and_leaves_nothing_if_it_never_is() {
    on_each(|place| {
        let count = || place.list().unwrap().iter().filter(|name| own_leftover(place, name)).count();
        let drafts = drafts(place);
        assert_eq!(place.facts_of_name().unwrap(), None);
        assert!(matches!(place.open_existing(true), Err(LocationError::NotFound { .. })));
        drop(drafts);
        assert_eq!(count(), 0);
    });
}

#[test]
fn publishing_gives_the_name_once_and_an_older_file_keeps_it() {
    on_each(|place| {
        for mut draft in drafts(place) {
            fallocate(&draft, 4096).unwrap();
            place.publish(&mut draft).unwrap();
            let published = facts(place);
            assert!(place.still_names(&FileFacts::of(&draft).unwrap()).unwrap());
            assert_eq!((published.nlink, published.mode, published.len), (1, 0o600, 4096));
            for mut late in drafts(place) {
                assert_eq!(place.publish(&mut late).unwrap_err().kind(), ErrorKind::AlreadyExists);
            }
            assert!(facts(place).same_file(&published));
            drop(draft);
            assert!(facts(place).same_file(&published), "the name went with its creator");
            assert!(place.list().unwrap().iter().any(|name| Some(name.as_os_str()) == place.file_name()));
            place.unlink().unwrap();
        }
    });
}

#[test]
fn publishing_over_replaces_the_file_and_leaves_no_temporary_name() {
    on_each(|place| {
        let mut first = place.create_unnamed().unwrap();
        place.publish(&mut first).unwrap();
        let first = FileFacts::of(first.into_file()).unwrap();
        for mut second in drafts(place) {
            place.publish_over(&mut second).unwrap();
            assert!(place.still_names(&FileFacts::of(&second).unwrap()).unwrap());
            assert!(!place.still_names(&first).unwrap());
            assert_eq!(facts(place).nlink, 1);
        }
        assert!(!place.list().unwrap().iter().any(|name| own_leftover(place, name)));
    });
}

#[test]
fn a_temporary_file_is_locked_and_found_by_a_sweep() {
    on_each(|place| {
        let draft = place.create_temporary().unwrap();
        let found = place.list().unwrap().into_iter().find(|name| own_leftover(place, name)).unwrap();
        let sibling = place.sibling(&found).unwrap();
        let other = sibling.open_existing(true).unwrap();
        assert!(is_held_by_other(&other, LockByte::Producer).unwrap());
        drop(draft);
        assert!(!sibling.still_names(&FileFacts::of(&other).unwrap()).unwrap());
    });
}

#[test]
fn every_opening_is_a_description_of_its_own() {
    let check = |place: &Place, draft: Draft| {
        let (a, b) = (place.open_existing(true).unwrap(), place.open_existing(true).unwrap());
        let draft = draft.into_file();
        assert!(probe_conflicts(&a, &b).unwrap());
        assert!(probe_conflicts(&a, &draft).unwrap());
        let observer = place.open_existing(false).unwrap();
        assert!(try_lock(&a, LockByte::Producer).unwrap());
        assert!(is_held_by_other(&observer, LockByte::Producer).unwrap());
    };
    on_each(|place| {
        let mut draft = place.create_unnamed().unwrap();
        place.publish(&mut draft).unwrap();
        check(place, draft);
    });
    let anonymous = Place::open(&Location::anonymous().unwrap(), false).unwrap();
    check(&anonymous, anonymous.create_unnamed().unwrap());
}

#[test]
fn memory_without_a_name_is_there_from_the_start_and_is_never_replaced() {
    let place = Place::open(&Location::anonymous().unwrap(), true).unwrap();
    assert!(place.is_anonymous() && !place.is_shm() && !place.can_replace());
    assert_eq!(FileFacts::of(place.open_existing(true).unwrap()).unwrap().len, 0);
    let mut draft = place.create_unnamed().unwrap();
    fallocate(&draft, 4096).unwrap();
    place.publish(&mut draft).unwrap();
    assert_eq!(facts(&place).len, 4096);
    assert!(place.still_names(&FileFacts::of(&draft).unwrap()).unwrap());
    assert_eq!(place.publish_over(&mut draft).unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(place.unlink().unwrap_err().kind(), ErrorKind::Unsupported);
    assert!(place.list().unwrap().is_empty() && place.sibling(OsStr::new("x")).is_none());
    assert_eq!(place.space().unwrap(), None);
    assert!(place.path().display().to_string().starts_with("fd:"));
}

#[test]
fn shared_memory_and_files_say_where_they_are() {
    let shm = Shm::new();
    assert!(shm.0.is_shm() && shm.0.can_replace());
    assert!(shm.0.path().starts_with(format!("/dev/shm/myelon-{}", uid())));
    assert!(shm.0.space().unwrap().unwrap().total > 0);
    let dir = tempfile::tempdir().unwrap();
    let place = file(&dir.path().join("x"));
    assert!(!place.is_shm() && !place.is_anonymous());
    assert_eq!(place.path(), dir.path().join("x"));
}

#[test]
fn only_temporaries_of_its_own_name_are_left_over_for_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let (ours, theirs) = (file(&dir.path().join("ours")), file(&dir.path().join("theirs")));
    let draft = theirs.create_temporary().unwrap();
    let names = ours.list().unwrap();
    assert_eq!(names.len(), 1);
    assert!(theirs.is_leftover(&names[0]) && !ours.is_leftover(&names[0]));
    assert!(Shm::new().0.is_leftover(&names[0]), "in shared memory every temporary counts");
    drop(draft);
}

fn refused(path: &Path) -> LocationError {
    let error = file(path).open_existing(true).unwrap_err();
    assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    error
}

#[test]
fn what_is_not_a_private_file_of_this_user_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("channel");
    assert!(matches!(refused(&path), LocationError::NotFound { .. }));

    std::fs::create_dir(&path).unwrap();
    assert!(matches!(refused(&path), LocationError::IsADirectory { .. }));
    assert!(matches!(file(&path).open_existing(false), Err(LocationError::IsADirectory { .. })));
    std::fs::remove_dir(&path).unwrap();

    let other = dir.path().join("other");
    std::fs::write(&other, b"x").unwrap();
    std::fs::set_permissions(&other, PermissionsExt::from_mode(0o600)).unwrap();
    symlink(&other, &path).unwrap();
    assert!(matches!(refused(&path), LocationError::SymbolicLink { .. }));
    std::fs::remove_file(&path).unwrap();

    std::fs::hard_link(&other, &path).unwrap();
    assert!(matches!(refused(&path), LocationError::ManyLinks { links: 2, .. }));
    std::fs::remove_file(&other).unwrap();
    file(&path).open_existing(true).unwrap();

    for mode in [0o640, 0o602, 0o777] {
        std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
        assert!(matches!(refused(&path), LocationError::WrongMode { mode: found, .. } if found == mode));
    }
    std::fs::remove_file(&path).unwrap();

    rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::RWXU).unwrap();
    assert!(matches!(refused(&path), LocationError::NotARegularFile { kind: FileKind::Fifo, .. }));
    std::fs::remove_file(&path).unwrap();

    let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
    assert!(matches!(refused(&path), LocationError::NotARegularFile { kind: FileKind::Socket, .. }));
}

#[test]
fn a_file_of_another_user_or_without_permission_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("channel");
    std::fs::write(&path, b"x").unwrap();
    if uid() == 0 {
        // Root may open anything and give files away; others can do neither.
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        std::os::unix::fs::chown(&path, Some(12345), None).unwrap();
        assert!(matches!(refused(&path), LocationError::WrongOwner { found: 12345, expected: 0, .. }));
    } else {
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o000)).unwrap();
        assert!(matches!(refused(&path), LocationError::PermissionDenied { .. }));
    }
}

#[test]
fn paths_that_cannot_be_files_are_refused_before_anything_is_opened() {
    let open = |path: &str| Place::open(&Location::file(path), true).unwrap_err();
    assert!(matches!(open(""), LocationError::NameEmpty));
    assert!(matches!(open("a\0b"), LocationError::NameHasNul { .. }));
    assert!(matches!(open("/"), LocationError::IsADirectory { .. }));
    assert!(matches!(open("/tmp/.."), LocationError::IsADirectory { .. }));
    let missing = open("/nonexistent/dir/channel");
    assert!(matches!(missing, LocationError::Directory { .. }));
    assert!(missing.to_string().contains("/nonexistent/dir does not exist"), "{missing}");
}
