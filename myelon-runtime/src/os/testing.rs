//! What several tests need: a real forked process, and waiting for something without hoping.

use core::time::Duration;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use super::process::{nap, now_ns};

/// A forked copy of this process that runs `body` and then waits to be told to go on or to leave.
pub(crate) struct Child {
    pid: libc::pid_t,
    line: UnixStream,
}

/// Forks. The child runs `body`, reports what it says, and stays alive until the `Child` is dropped.
///
/// Other threads of the test program are gone in the child: `body` prints nothing and asserts nothing.
pub(crate) fn fork(body: impl FnOnce() -> u8) -> Child {
    let (mut line, mut theirs) = UnixStream::pair().unwrap();
    // SAFETY: the child runs code that takes no lock of another thread (the C library's `malloc` is put in
    // order by `fork` itself) and ends by `_exit`.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "fork: {}", std::io::Error::last_os_error());
    if pid == 0 {
        drop(line);
        let said = std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).unwrap_or(u8::MAX);
        let _ = theirs.write_all(&[said]);
        let _ = theirs.read(&mut [0]);
        // SAFETY: ends the process without running anything of the parent's.
        unsafe { libc::_exit(0) };
    }
    drop(theirs);
    line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // The same stream, now only in this process.
    line.flush().unwrap();
    Child { pid, line }
}

impl Child {
    /// What the child's body returned.
    pub(crate) fn said(&mut self) -> u8 {
        let mut said = [0];
        self.line.read_exact(&mut said).unwrap();
        said[0]
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.line.shutdown(std::net::Shutdown::Both);
        // SAFETY: a child of this process that nobody else waits for.
        unsafe { libc::waitpid(self.pid, core::ptr::null_mut(), 0) };
    }
}

/// Whether `done` becomes true within a time that only a failure takes.
pub(crate) fn soon(mut done: impl FnMut() -> bool) -> bool {
    let deadline = now_ns() + 10_000_000_000;
    while !done() {
        if now_ns() > deadline {
            return false;
        }
        nap(Duration::from_micros(200));
    }
    true
}
