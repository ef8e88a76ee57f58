//! The few system calls that tests make themselves.

use core::ffi::c_int;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::fs::{self, File};
use std::io;
use std::sync::OnceLock;

use myelon::Stopper;
use rustix::process::{Pid, Signal};

/// Sends `signal` to a process that this test started.
pub fn signal(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(pid as i32).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}

/// Field `index` (as in proc(5), from 1) of `/proc/<pid>/stat`; `None` if there is no such process.
pub fn stat(pid: u32, index: usize) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is a name in parentheses, which may hold anything.
    let rest = text.rsplit_once(") ")?.1;
    rest.split(' ').nth(index - 3).map(str::to_owned)
}

/// The CPU time that a process has used, user and system.
pub fn cpu_time(pid: u32) -> Duration {
    let ticks: u64 = [14, 15].iter().map(|field| stat(pid, *field).unwrap().parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 1000 / rustix::param::clock_ticks_per_second())
}

/// The most memory that a process has used so far, in bytes.
pub fn peak_memory(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// Whether a process runs (or sleeps, or is stopped): it exists and is no zombie.
pub fn lives(pid: u32) -> bool {
    stat(pid, 3).is_some_and(|state| state != "Z" && state != "X")
}

pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Dies with the thread that started this process, so that a test that is killed leaves nobody behind.
pub fn die_with_parent() {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL)).unwrap();
}

/// Becomes another user for good.
pub fn become_user(uid: u32) {
    // SAFETY: plain system calls; the helper has one thread.
    let group = unsafe { libc::setgid(uid) };
    // SAFETY: as above.
    let user = unsafe { libc::setuid(uid) };
    assert_eq!((group, user), (0, 0), "{}", io::Error::last_os_error());
}

/// A file system in memory at `path`, of `size` bytes, that only this process and its children see.
///
/// # Errors
/// `PermissionDenied` where even root may not do that.
pub fn private_tmpfs(path: &str, size: u64) -> io::Result<()> {
    use rustix::mount::{MountFlags, MountPropagationFlags, mount, mount_change};
    // SAFETY: the helper has one thread, and shares no working directory with others.
    if unsafe { libc::unshare(libc::CLONE_NEWNS) } != 0 {
        return Err(io::Error::last_os_error());
    }
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
    let options = std::ffi::CString::new(format!("size={size},mode=1777")).unwrap();
    Ok(mount("myelon-test", path, "tmpfs", MountFlags::empty(), Some(options.as_c_str()))?)
}

static STOPPER: OnceLock<Stopper> = OnceLock::new();

static SIGNALLED: AtomicBool = AtomicBool::new(false);

extern "C" fn on_signal(_: c_int) {
    SIGNALLED.store(true, Ordering::Relaxed);
    if let Some(stopper) = STOPPER.get() {
        stopper.stop();
    }
}

/// `SIGUSR1` ends the waits of one end from now on.
pub fn stop_on_signal(stopper: Stopper) {
    STOPPER.set(stopper).unwrap();
    handle(libc::SIGUSR1, on_signal);
}

/// Whether that signal came: for ends that do not wait.
pub fn signalled() -> bool {
    SIGNALLED.load(Ordering::Relaxed)
}

fn handle(signal: c_int, handler: extern "C" fn(c_int)) {
    // SAFETY: all zero is a valid `sigaction`: no flags, an empty mask.
    let mut action: libc::sigaction = unsafe { core::mem::zeroed() };
    action.sa_sigaction = handler as usize;
    // SAFETY: the handlers only use atomics, and call `Stopper::stop`, which is made for it.
    let outcome = unsafe { libc::sigaction(signal, &raw const action, core::ptr::null_mut()) };
    assert_eq!(outcome, 0);
}

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

extern "C" fn on_interrupt(_: c_int) {
    INTERRUPTED.store(true, Ordering::Relaxed);
}

/// Whether this process was asked to end since [`note_interrupts`].
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// `SIGINT` and `SIGTERM` do not end this process any more, so that it can clean up.
pub fn note_interrupts() {
    handle(libc::SIGINT, on_interrupt);
    handle(libc::SIGTERM, on_interrupt);
}

/// Forks. `child` runs in the copy and gives what it has to tell; the copy then waits until nobody can write to
/// its standard input any more, and ends without any clean-up. Returns its pid and what it told.
pub fn fork(child: impl FnOnce() -> String) -> (u32, String) {
    use std::io::{Read, Write};
    let (reader, writer) = rustix::pipe::pipe().unwrap();
    let (mut reader, mut writer) = (File::from(reader), File::from(writer));
    // SAFETY: the helper has one thread, so the copy may go on like any process.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "{}", io::Error::last_os_error());
    if pid == 0 {
        drop(reader);
        let told = child();
        writer.write_all(told.as_bytes()).unwrap();
        drop(writer);
        wait_for_hang_up();
        // SAFETY: ends the process at once.
        unsafe { libc::_exit(0) };
    }
    drop(writer);
    let mut told = String::new();
    reader.read_to_string(&mut told).unwrap();
    (pid as u32, told)
}

/// Waits until the test has closed its end of our standard input.
fn wait_for_hang_up() {
    let mut poll = libc::pollfd { fd: 0, events: 0, revents: 0 };
    while poll.revents & libc::POLLHUP == 0 {
        // SAFETY: one entry, which lives for the call.
        unsafe { libc::poll(&raw mut poll, 1, -1) };
    }
}
