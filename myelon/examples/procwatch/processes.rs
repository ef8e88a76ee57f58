//! Reading /proc.

use std::collections::HashMap;
use std::fs;
use std::time::{Duration, Instant, SystemTime};

use crate::event::{ProcSample, State};

/// Of the times in /proc/PID/stat: what Linux tells programs on every platform that Rust's std runs on.
const TICKS_PER_SECOND: f64 = 100.0;

/// Remembers the last round, because most of what is interesting is the difference to it.
pub(crate) struct Processes {
    last: HashMap<(u32, u64), Totals>,
    read_at: Instant,
}

/// What a process has used since it started.
#[derive(Clone, Copy, Default)]
struct Totals {
    ticks: u64,
    read: u64,
    written: u64,
}

/// One process as /proc shows it.
struct Found {
    /// When it started: with the pid the process's true name, because pids are used again.
    started: u64,
    totals: Totals,
    sample: ProcSample,
}

impl Processes {
    /// Takes a first reading, so that the first round has something to compare with.
    pub(crate) fn new() -> Self {
        let mut processes = Self { last: HashMap::new(), read_at: Instant::now() };
        let _ = processes.round();
        processes
    }

    /// A sample of every process. Those that end while they are read are left out.
    pub(crate) fn round(&mut self) -> Vec<ProcSample> {
        let now = Instant::now();
        let seconds = (now - self.read_at).as_secs_f64().max(0.001);
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let pids = fs::read_dir("/proc").into_iter().flatten().flatten();
        let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let mut totals = HashMap::with_capacity(self.last.len());
        let mut samples: Vec<ProcSample> = pids
            .filter_map(|pid| {
                let found = read(pid)?;
                totals.insert((pid, found.started), found.totals);
                // One that is new since the last round did all of it since then.
                let before = self.last.get(&(pid, found.started)).copied().unwrap_or_default();
                let per_second = |now: u64, before: u64| now.saturating_sub(before) as f64 / seconds;
                let cpu = per_second(found.totals.ticks, before.ticks) / TICKS_PER_SECOND;
                Some(ProcSample {
                    time_ns: since_1970.as_nanos() as u64,
                    cpu_permille: (cpu * 1000.0).round() as u32,
                    read_rate: per_second(found.totals.read, before.read) as u64,
                    write_rate: per_second(found.totals.written, before.written) as u64,
                    ..found.sample
                })
            })
            .collect();
        for (sample, left) in samples.iter_mut().rev().zip(0..) {
            sample.left = left;
        }
        self.last = totals;
        self.read_at = now;
        samples
    }
}

/// What /proc says of one process; `None` if it has just ended.
fn read(pid: u32) -> Option<Found> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name is in brackets and may hold any character, brackets too.
    let (head, tail) = stat.rsplit_once(')')?;
    let (_, comm) = head.split_once('(')?;
    let fields: Vec<&str> = tail.split_whitespace().collect();
    let number = |index: usize| fields.get(index).and_then(|field| field.parse::<u64>().ok());
    let mut name = [0; 15];
    name.iter_mut().zip(comm.bytes()).for_each(|(to, from)| *to = from);

    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    // Only for processes of our own, unless we are root.
    let io = fs::read_to_string(format!("/proc/{pid}/io")).unwrap_or_default();
    let totals = Totals {
        ticks: number(11)? + number(12)?,
        read: after(&io, "read_bytes:").unwrap_or(0),
        written: after(&io, "write_bytes:").unwrap_or(0),
    };
    let sample = ProcSample {
        time_ns: 0,
        rss_bytes: after(&status, "VmRSS:").unwrap_or(0) * 1024,
        read_rate: 0,
        write_rate: 0,
        pid,
        threads: number(17)? as u32,
        cpu_permille: 0,
        left: 0,
        state: State::from_letter(fields.first()?.chars().next()?),
        name,
    };
    Some(Found { started: number(19)?, totals, sample })
}

/// The number that follows `label` at the start of a line.
fn after(text: &str, label: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(label))?.split_whitespace().next()?.parse().ok()
}
