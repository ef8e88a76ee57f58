//! How a segment lies in this process's memory: what was asked for and what the system gave.

use std::io;

use super::view::View;

/// How a segment is placed in memory. The default brings all pages in at once, and lets a consumer only read the ring.
///
/// None of it makes a `create` or `attach` fail: [`PlacementReport`] tells what the system gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(clippy::struct_excessive_bools, reason = "wishes that do not depend on each other")]
pub struct Placement {
    prefault: bool,
    lock: bool,
    huge: bool,
    writable: bool,
}

impl Default for Placement {
    fn default() -> Self {
        Self { prefault: true, lock: false, huge: false, writable: false }
    }
}

impl Placement {
    /// Brings pages in when they are first touched, not at once: a quicker start, and slower first laps.
    #[must_use]
    pub fn lazy(mut self) -> Self {
        self.prefault = false;
        self
    }

    /// Keeps the pages in memory for good (`mlock`), as far as the limit of the process allows.
    #[must_use]
    pub fn locked(mut self) -> Self {
        self.lock = true;
        self
    }

    /// Asks for huge pages for the ring, where the file system has them.
    #[must_use]
    pub fn huge_pages(mut self) -> Self {
        self.huge = true;
        self
    }

    /// Maps the ring for a consumer so that its process could store to it, in place of read-only: for speed. Without effect
    /// on a producer, who stores there anyway. Lossy consumers and taps take no placement: they map everything read-only.
    ///
    /// This library never stores to the ring of a consumer. What is given up is that the hardware sees to it: a stray store
    /// of this process (a bug in some `unsafe` code) into a ring that is read-only ends this process, and no other. Into a
    /// writable one it changes the stream under everybody who reads it, unnoticed. Not for a process whose code you do not trust.
    ///
    /// It pays on some processors (AMD Zen 4), between cores that share a cache, from messages of about a kilobyte on: there a
    /// line that was read through a read-only mapping comes back to its writer more slowly. Elsewhere expect nothing, nor
    /// of a file on a disk, whose pages the system makes writable one by one when they are stored to. Measure it.
    #[must_use]
    pub fn writable_ring(mut self) -> Self {
        self.writable = true;
        self
    }
}

/// What became of one wish of a [`Placement`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Granted {
    /// It was not asked for.
    NotAsked,
    /// The system did it.
    Yes,
    /// The system refused.
    No {
        /// The system's error number; 0 unknown.
        errno: i32,
    },
}

impl Granted {
    fn ask(wanted: bool, wish: impl FnOnce() -> io::Result<()>) -> Self {
        if !wanted {
            return Self::NotAsked;
        }
        match wish() {
            Ok(()) => Self::Yes,
            Err(error) => Self::No { errno: error.raw_os_error().unwrap_or(0) },
        }
    }
}

/// How a segment was placed in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlacementReport {
    /// Whether all pages were brought in at once.
    pub prefault: Granted,
    /// Whether the pages stay in memory for good.
    pub lock: Granted,
    /// Whether huge pages were accepted as a wish; what came of it, `huge_bytes` tells.
    pub huge: Granted,
    /// How many bytes of the ring lay in huge pages afterwards, if they were asked for and the system says.
    pub huge_bytes: Option<u64>,
    /// Whether the ring was mapped writable for a consumer; `NotAsked` for a producer, whatever it asked for.
    pub writable: Granted,
}

impl Placement {
    /// Places a mapping. `writer` for the end that writes the slots; a consumer only reads them.
    pub(super) fn apply(self, view: &View, writer: bool) -> PlacementReport {
        let map = view.map();
        // Before pages are brought in, so that those of shared memory come writable and need no fault to become so.
        let writable = Granted::ask(self.writable && !writer, || view.own(view.slots_region()));
        let huge = Granted::ask(self.huge, || map.advise_huge(view.slots_region()));
        let prefault = Granted::ask(self.prefault, || {
            map.prefault(view.bytes(0..view.geometry().total), false)?;
            if writer { map.prefault(view.slots_region(), true) } else { Ok(()) }
        });
        let lock = Granted::ask(self.lock, || map.lock(view.bytes(0..view.geometry().total)));
        let huge_bytes = self.huge.then(|| map.huge_bytes(view.slots_region())).flatten();
        PlacementReport { prefault, lock, huge, huge_bytes, writable }
    }
}
