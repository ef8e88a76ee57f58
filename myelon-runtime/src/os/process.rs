//! This process, other processes, the machine's clocks.

use core::time::Duration;
use std::io;
use std::sync::OnceLock;

use rustix::thread::{Timespec, nanosleep};
use rustix::time::{ClockId, clock_gettime};

/// This process' id. Diagnosis only, as every pid: another pid namespace counts differently.
pub(crate) fn pid() -> u32 {
    std::process::id()
}

/// The effective user id: who must own the files that are opened.
pub(crate) fn uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// When a process started, in clock ticks since boot; `None` if there is no such process.
///
/// Tells a process from a later one with the same id.
pub(crate) fn start_time(pid: u32) -> Option<u64> {
    start_time_in(&std::fs::read(format!("/proc/{pid}/stat")).ok()?)
}

/// Field 22 of `/proc/<pid>/stat`. The second field is the program's name in parentheses and may hold anything.
fn start_time_in(stat: &[u8]) -> Option<u64> {
    let name_end = stat.iter().rposition(|&byte| byte == b')')?;
    let rest = core::str::from_utf8(stat.get(name_end + 1..)?).ok()?;
    rest.split_ascii_whitespace().nth(22 - 3)?.parse().ok()
}

/// A number that the kernel draws anew at each boot.
pub(crate) fn boot_id() -> io::Result<u128> {
    static BOOT_ID: OnceLock<u128> = OnceLock::new();
    if let Some(&id) = BOOT_ID.get() {
        return Ok(id);
    }
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id")?;
    let id = parse_boot_id(&text).ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidData, "/proc/sys/kernel/random/boot_id does not hold a UUID")
    })?;
    Ok(*BOOT_ID.get_or_init(|| id))
}

fn parse_boot_id(text: &str) -> Option<u128> {
    let digits: String = text.trim().chars().filter(|&c| c != '-').collect();
    (digits.len() == 32).then(|| u128::from_str_radix(&digits, 16).ok())?
}

/// Nanoseconds on the clock that never jumps. Every process of the machine reads the same clock, so it may be
/// compared across processes; it starts at boot.
pub(crate) fn now_ns() -> u64 {
    nanoseconds(clock_gettime(ClockId::Monotonic))
}

/// Nanoseconds since 1970 on the wall clock: for people, not for intervals.
pub(crate) fn realtime_ns() -> u64 {
    nanoseconds(clock_gettime(ClockId::Realtime))
}

fn nanoseconds(time: Timespec) -> u64 {
    let [seconds, rest] = [time.tv_sec, time.tv_nsec].map(|part| u64::try_from(part).unwrap_or(0));
    seconds.saturating_mul(1_000_000_000).saturating_add(rest)
}

/// Lets other threads run for about that long; shorter if a signal comes.
pub(crate) fn nap(duration: Duration) {
    let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    let _ = nanosleep(&Timespec { tv_sec: seconds, tv_nsec: duration.subsec_nanos().into() });
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::{boot_id, nap, now_ns, parse_boot_id, pid, realtime_ns, start_time, start_time_in, uid};

    #[test]
    fn a_program_name_with_parentheses_and_blanks_does_not_shift_the_fields() {
        let stat = b"42 (a) R ) 7 (x) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 9876 20 21\n";
        assert_eq!(start_time_in(stat), Some(9876));
        assert_eq!(start_time_in(b"42 (a) S 1 2"), None);
        assert_eq!(start_time_in(b"nothing"), None);
    }

    #[test]
    fn the_start_time_of_this_process_stays_and_a_process_that_is_not_there_has_none() {
        let first = start_time(pid()).unwrap();
        assert!(first > 0);
        assert_eq!(start_time(pid()), Some(first));
        assert_eq!(start_time(u32::MAX), None);
    }

    #[test]
    fn the_boot_id_is_read_whole() {
        assert_ne!(boot_id().unwrap(), 0);
        assert_eq!(boot_id().unwrap(), boot_id().unwrap());
        assert_eq!(parse_boot_id("00000000-0000-0000-0000-0000000000ff\n"), Some(255));
        assert_eq!(parse_boot_id("ff"), None);
        assert_eq!(parse_boot_id("gggggggg-0000-0000-0000-0000000000ff"), None);
    }

    #[test]
    fn clocks_go_forward_and_a_nap_takes_as_long_as_asked() {
        let before = now_ns();
        nap(Duration::from_millis(2));
        assert!(now_ns() - before >= 1_000_000, "a nap of 2 ms");
        assert!(realtime_ns() > 1_600_000_000_000_000_000, "a wall clock before 2020");
    }

    #[test]
    fn the_user_id_is_that_of_the_files_this_process_makes() {
        use std::os::unix::fs::MetadataExt;
        let file = tempfile::NamedTempFile::new().unwrap();
        assert_eq!(file.as_file().metadata().unwrap().uid(), uid());
    }
}
