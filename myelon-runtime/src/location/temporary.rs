//! Names that a file has for a moment on its way to the one it is meant to have.
//!
//! `.<name>.tmp-<pid>-<n>`. A creator holds a lock on such a file from before it can be found until it is
//! renamed or removed, so one that nobody locks was left by a creator that died.

use std::ffi::{OsStr, OsString};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::sync::Arc;

use super::name::{LONGEST_PLAIN, hash};
use crate::os::{fd, process};
use crate::sync::{AtomicU64, Ordering};

const MARK: &[u8] = b".tmp-";

/// A temporary name in a directory, removed on drop by the process that took it.
#[derive(Debug)]
pub(super) struct Temporary {
    dir: Arc<OwnedFd>,
    name: OsString,
    pid: u32,
}

impl Temporary {
    /// A name that no other thread or process of this pid namespace uses. Nothing of that name exists yet, or
    /// something left over does.
    pub(super) fn new(dir: &Arc<OwnedFd>, target: &OsStr) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let pid = process::pid();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let mut name = start(target);
        name.extend(format!("{pid}-{count}").bytes());
        Self { dir: Arc::clone(dir), name: OsString::from_vec(name), pid }
    }

    pub(super) fn name(&self) -> &Path {
        Path::new(&self.name)
    }

    /// The name is no longer ours: the file was renamed away, or never made.
    pub(super) fn forget(mut self) {
        self.pid = 0;
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // A forked child's copy leaves the parent's file alone.
        if self.pid == process::pid() {
            let _ = fd::unlink(self.dir.as_fd(), self.name());
        }
    }
}

/// How the temporary names of a target begin. Names too long to be extended are hashed.
fn start(target: &OsStr) -> Vec<u8> {
    let target = target.as_bytes();
    let mut name = vec![b'.'];
    if target.len() <= LONGEST_PLAIN {
        name.extend(target);
    } else {
        name.push(b'~');
        name.extend(hash(target).bytes());
    }
    name.extend(MARK);
    name
}

/// Whether `name` is a temporary name of `target`, whoever made it; of any target if `None`.
pub(super) fn is_temporary(name: &OsStr, target: Option<&OsStr>) -> bool {
    let name = name.as_bytes();
    let rest = match target {
        Some(target) => name.strip_prefix(start(target).as_slice()),
        None if name.first() == Some(&b'.') => {
            let mark = name.windows(MARK.len()).rposition(|window| window == MARK);
            mark.and_then(|at| name.get(at + MARK.len()..))
        }
        None => None,
    };
    let number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    rest.is_some_and(|rest| {
        let mut parts = rest.splitn(2, |&byte| byte == b'-');
        parts.next().is_some_and(number) && parts.next().is_some_and(number)
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::sync::Arc;

    use super::{Temporary, is_temporary};
    use crate::os::fd::open_directory;

    #[test]
    fn temporary_names_are_recognised_by_their_target_and_no_other_names_are() {
        let base = tempfile::tempdir().unwrap();
        let dir = Arc::new(open_directory(None, base.path(), true).unwrap());
        for target in ["ticks", "a.tmp-1-2", &"l".repeat(255)].map(OsStr::new) {
            let (a, b) = (Temporary::new(&dir, target), Temporary::new(&dir, target));
            assert_ne!(a.name(), b.name());
            assert!(a.name().as_os_str().len() <= 255);
            assert!(is_temporary(a.name().as_os_str(), Some(target)));
            assert!(is_temporary(a.name().as_os_str(), None));
            assert!(!is_temporary(a.name().as_os_str(), Some(OsStr::new("other"))));
        }
        for other in
            ["ticks", ".ticks", ".ticks.tmp-", ".ticks.tmp-1", ".ticks.tmp-1-", ".ticks.tmp-1-x", "a.tmp-1-2"]
        {
            assert!(!is_temporary(OsStr::new(other), None), "{other}");
            assert!(!is_temporary(OsStr::new(other), Some(OsStr::new("ticks"))), "{other}");
        }
    }

    #[test]
    fn dropping_one_removes_its_file_and_forgetting_it_does_not() {
        let base = tempfile::tempdir().unwrap();
        let dir = Arc::new(open_directory(None, base.path(), true).unwrap());
        let [dropped, forgotten] = ["a", "b"].map(|target| Temporary::new(&dir, OsStr::new(target)));
        let [first, second] = [&dropped, &forgotten].map(|temporary| base.path().join(temporary.name()));
        std::fs::write(&first, b"").unwrap();
        std::fs::write(&second, b"").unwrap();
        drop(dropped);
        forgotten.forget();
        assert!(!first.exists());
        assert!(second.exists());
    }
}
