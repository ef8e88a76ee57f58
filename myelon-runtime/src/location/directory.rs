//! The directory of this user's channels in shared memory: `/dev/shm/myelon-<uid>/`.
//!
//! `/dev/shm` is open to everybody, so what is found there is checked before it is believed: a directory, not
//! a link, ours, closed to others. It is opened once; names in it are used relative to that descriptor, so that
//! nothing that happens to the path later matters.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use super::{DirectoryProblem, FileKind, LocationError};
use crate::os::facts::FileFacts;
use crate::os::{fd, process};

/// Where the system keeps shared memory.
pub(super) const SHARED_MEMORY: &str = "/dev/shm";

/// The name of this user's directory there.
pub(super) fn of_user() -> PathBuf {
    PathBuf::from(format!("myelon-{}", process::uid()))
}

/// Opens the directory `name` in `base`, made first if `create` says so, and verifies it.
///
/// # Errors
/// `NotFound` if it is not there and not to be made; `Directory` for all that is wrong with it.
pub(super) fn open_private(base: &Path, name: &Path, create: bool) -> Result<OwnedFd, LocationError> {
    let path = base.join(name);
    let base_fd = open(base)?;
    if create {
        match fd::make_directory(base_fd.as_fd(), name) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(problem(path, DirectoryProblem::Os(error)));
            }
            _ => {}
        }
        crate::sync::point!("create: directory");
    }
    match fd::open_directory(Some(base_fd.as_fd()), name, false) {
        Ok(directory) => match FileFacts::of(&directory).map_err(DirectoryProblem::Os).and_then(verify) {
            Ok(()) => Ok(directory),
            Err(found) => Err(problem(path, found)),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(LocationError::NotFound { path }),
        Err(error) => Err(problem(path, explain(base_fd.as_fd(), name, error))),
    }
}

/// Opens a directory that belongs to whomever it may.
pub(super) fn open(path: &Path) -> Result<OwnedFd, LocationError> {
    fd::open_directory(None, path, true).map_err(|error| {
        let found = match error.kind() {
            io::ErrorKind::NotFound => DirectoryProblem::Missing,
            io::ErrorKind::NotADirectory => DirectoryProblem::NotADirectory,
            _ => DirectoryProblem::Os(error),
        };
        problem(path.into(), found)
    })
}

fn problem(path: PathBuf, problem: DirectoryProblem) -> LocationError {
    LocationError::Directory { path, problem }
}

fn verify(facts: FileFacts) -> Result<(), DirectoryProblem> {
    let uid = process::uid();
    if facts.uid != uid {
        return Err(DirectoryProblem::WrongOwner { found: facts.uid, expected: uid });
    }
    if facts.mode & 0o777 != 0o700 {
        return Err(DirectoryProblem::WrongMode { mode: facts.mode });
    }
    Ok(())
}

/// Why the system would not open it as a directory.
fn explain(base: BorrowedFd<'_>, name: &Path, error: io::Error) -> DirectoryProblem {
    match FileFacts::of_name(base, name) {
        Ok(Some(facts)) if facts.kind == FileKind::SymbolicLink => DirectoryProblem::SymbolicLink,
        Ok(Some(facts)) if facts.kind != FileKind::Directory => DirectoryProblem::NotADirectory,
        _ => DirectoryProblem::Os(error),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;

    use super::super::{DirectoryProblem, LocationError};
    use super::open_private;
    use crate::os::process::uid;

    const NAME: &str = "myelon-test";

    fn problem(base: &Path, create: bool) -> DirectoryProblem {
        match open_private(base, Path::new(NAME), create) {
            Err(LocationError::Directory { path, problem }) => {
                assert!(path.starts_with(base));
                problem
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn it_is_made_for_its_owner_alone_and_found_again() {
        let base = tempfile::tempdir().unwrap();
        let missing = open_private(base.path(), Path::new(NAME), false);
        assert!(matches!(missing, Err(LocationError::NotFound { .. })), "{missing:?}");
        open_private(base.path(), Path::new(NAME), true).unwrap();
        open_private(base.path(), Path::new(NAME), true).unwrap();
        open_private(base.path(), Path::new(NAME), false).unwrap();
        assert_eq!(base.path().join(NAME).metadata().unwrap().permissions().mode() & 0o7777, 0o700);
    }

    #[test]
    fn a_directory_open_to_others_is_refused() {
        let base = tempfile::tempdir().unwrap();
        std::fs::create_dir(base.path().join(NAME)).unwrap();
        for mode in [0o777, 0o750, 0o701, 0o500] {
            std::fs::set_permissions(base.path().join(NAME), PermissionsExt::from_mode(mode)).unwrap();
            let found = problem(base.path(), true);
            assert!(matches!(found, DirectoryProblem::WrongMode { mode: m } if m == mode), "{found:?}");
            assert!(found.to_string().contains("0700"), "{found}");
        }
    }

    #[test]
    fn a_link_is_not_followed_even_to_a_good_directory() {
        let base = tempfile::tempdir().unwrap();
        open_private(base.path(), Path::new("good"), true).unwrap();
        symlink(base.path().join("good"), base.path().join(NAME)).unwrap();
        assert!(matches!(problem(base.path(), true), DirectoryProblem::SymbolicLink));
    }

    #[test]
    fn a_file_in_its_place_and_a_missing_base_are_told_apart() {
        let base = tempfile::tempdir().unwrap();
        std::fs::write(base.path().join(NAME), b"").unwrap();
        assert!(matches!(problem(base.path(), true), DirectoryProblem::NotADirectory));
        assert!(matches!(problem(&base.path().join("none"), true), DirectoryProblem::Missing));
    }

    #[test]
    fn a_directory_of_another_user_is_refused() {
        if uid() != 0 {
            return; // only root can give a directory away
        }
        let base = tempfile::tempdir().unwrap();
        open_private(base.path(), Path::new(NAME), true).unwrap();
        std::os::unix::fs::chown(base.path().join(NAME), Some(12345), None).unwrap();
        let found = problem(base.path(), true);
        assert!(matches!(found, DirectoryProblem::WrongOwner { found: 12345, expected: 0 }), "{found:?}");
    }
}
