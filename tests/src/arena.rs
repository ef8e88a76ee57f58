//! Where a test's channels live, and the check that it leaves nothing behind.

use core::sync::atomic::{AtomicU64, Ordering};
use std::fs;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use myelon::{InheritableLocation, Location};
use tempfile::TempDir;

use crate::Peer;
use crate::segment::Segment;

/// The kinds of location that every promise holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Shm,
    File,
    Anonymous,
}

/// Writes a test three times: over a name in shared memory, a file, and memory without a name.
#[macro_export]
macro_rules! over_every_location {
    ($($(#[$meta:meta])* fn $name:ident($arena:ident) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "not every test needs what its file imports")]
            use super::*;

            fn body($arena: &$crate::Arena) $body

            #[test]
            fn shm() {
                body(&$crate::Arena::new($crate::Backend::Shm));
            }

            #[test]
            fn file() {
                body(&$crate::Arena::new($crate::Backend::File));
            }

            #[test]
            fn anonymous() {
                body(&$crate::Arena::new($crate::Backend::Anonymous));
            }
        }
    )*};
}

/// One test's own directory and names. Dropped at the end of a test, it asserts that nothing is left in the
/// directory of shared-memory channels.
#[derive(Debug)]
pub struct Arena {
    backend: Backend,
    directory: TempDir,
    prefix: String,
    /// All places that were given out: memory without a name lives, and can be inherited, to the end of the test.
    spots: Mutex<Vec<Spot>>,
}

/// One place for a channel. For memory without a name it must exist before the helpers are started.
#[derive(Debug, Clone)]
pub struct Spot {
    location: Location,
    inheritable: Arc<InheritableLocation>,
}

/// Where the channels of this user lie in shared memory.
pub fn shm_directory() -> PathBuf {
    PathBuf::from(format!("/dev/shm/myelon-{}", rustix::process::geteuid().as_raw()))
}

impl Arena {
    pub fn new(backend: Backend) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let directory = tempfile::Builder::new().prefix("myelon-test").tempdir().unwrap();
        Self {
            backend,
            directory,
            prefix: format!("mt-{}-{count}-", std::process::id()),
            spots: Mutex::default(),
        }
    }

    pub fn shm() -> Self {
        Self::new(Backend::Shm)
    }

    pub fn file() -> Self {
        Self::new(Backend::File)
    }

    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// A path in the test's own directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The name that `name` gets in shared memory.
    pub fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// A place that no other test uses.
    pub fn spot(&self, name: &str) -> Spot {
        let location = match self.backend {
            Backend::Shm => Location::name(&self.name(name)).unwrap(),
            Backend::File => Location::file(self.path(name)),
            Backend::Anonymous => Location::anonymous().unwrap(),
        };
        let spot = Spot { inheritable: Arc::new(location.to_inheritable().unwrap()), location };
        self.spots.lock().unwrap().push(spot.clone());
        spot
    }

    /// The file of the channel called `name`, where there is one.
    pub fn file_of(&self, name: &str) -> Option<PathBuf> {
        match self.backend {
            Backend::Shm => Some(shm_directory().join(self.name(name))),
            Backend::File => Some(self.path(name)),
            Backend::Anonymous => None,
        }
    }

    pub fn peer(&self) -> Peer {
        Peer::spawn()
    }

    /// Creates and closes a channel: whoever creates one sweeps the directory of those that nobody can resume.
    pub fn sweep(&self) {
        if self.backend == Backend::Shm {
            crate::channels::L8::create(self.name("sweep")).unwrap().close();
        }
    }

    /// Removes what a test left in shared memory on purpose.
    pub fn remove_left(&self) {
        for name in self.left_in_shm() {
            // Somebody else's sweep may be quicker.
            let _ = fs::remove_file(shm_directory().join(name));
        }
    }

    /// What is left of this test in shared memory.
    pub fn left_in_shm(&self) -> Vec<String> {
        names_in(&shm_directory()).into_iter().filter(|name| name.contains(&self.prefix)).collect()
    }
}

/// The names in a directory, hidden ones as well; none if it does not exist.
pub fn names_in(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).map(Iterator::collect::<Vec<_>>).unwrap_or_default();
    entries.into_iter().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

impl Spot {
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// The bytes of the channel, to be spoiled. Only while it has been created.
    pub fn bytes(&self) -> Segment {
        let path = match self.inheritable.descriptor() {
            Some(fd) => format!("/proc/self/fd/{}", fd.as_raw_fd()).into(),
            None => match self.inheritable.to_string().strip_prefix("file:") {
                Some(path) => PathBuf::from(path),
                None => shm_directory().join(self.inheritable.to_string()),
            },
        };
        Segment::open(&path)
    }

    /// As a helper is told it.
    pub fn text(&self) -> String {
        crate::line::escape(&self.inheritable.to_string())
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        let left = self.left_in_shm();
        if std::thread::panicking() {
            self.remove_left();
        } else {
            assert!(left.is_empty(), "left in shared memory: {left:?}");
        }
    }
}
