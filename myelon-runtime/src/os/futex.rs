//! Sleeping on a word that several processes map.
//!
//! The futex is *shared*: without the private flag the kernel finds sleepers by the file and offset behind the
//! word, whatever address each process has it at. With the flag a wake-up would never leave the process.

use core::sync::atomic::AtomicU32;
use core::time::Duration;

use rustix::io::Errno;
use rustix::thread::futex::{self, Flags, Timespec};

use super::process::nap;

/// Not `PRIVATE`: see the module.
const SHARED: Flags = Flags::empty();
/// As many sleepers as the kernel lets one ask for.
const EVERYBODY: u32 = u32::MAX >> 1;
/// Longer sleeps end after this, which nobody will notice.
const LONGEST: Duration = Duration::from_secs(3600);

/// Sleeps until [`wake_all`], or for `timeout` at most, if the word still has the value `expected`.
///
/// It may also return for no reason: the caller looks again at what it waits for.
pub(crate) fn wait(word: &AtomicU32, expected: u32, timeout: Duration) {
    let timeout = timeout.min(LONGEST);
    let bound = Timespec {
        tv_sec: i64::try_from(timeout.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: timeout.subsec_nanos().into(),
    };
    match futex::wait(word, SHARED, expected, Some(&bound)) {
        Ok(()) | Err(Errno::AGAIN | Errno::INTR | Errno::TIMEDOUT) => {}
        // Refused (a sandbox, a page that went away): the caller would come back at once and burn a core.
        Err(_) => nap(timeout.min(Duration::from_millis(1))),
    }
}

/// Wakes everyone who sleeps on the word. One system call, also when nobody does.
pub(crate) fn wake_all(word: &AtomicU32) {
    // It fails only where there is no memory at that address; nobody sleeps there then.
    let _ = futex::wake(word, SHARED, EVERYBODY);
}

#[cfg(test)]
mod tests;
