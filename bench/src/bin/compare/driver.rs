//! Starts the sides of each measurement, leads them through their steps, and collects their figures.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use myelon_bench::channel::CAPACITY;
use rustix::fs::{MemfdFlags, ftruncate, memfd_create};

use crate::cli::Plan;
use crate::clock::Rate;
use crate::control::CONTROL_BYTES;
use crate::json;
use crate::report::{Report, Sample};
use crate::side::{FLAG, READY, RESULT};
use crate::subject::{self, SHARED_BYTES};
use crate::table::Tables;
use crate::task::{Mode, Task};

/// No step of any side takes so long.
const PATIENCE: Duration = Duration::from_mins(1);
const SHM: &str = "/dev/shm";

/// Makes all measurements of the plan and prints them.
pub(crate) fn run(plan: &Plan) -> ExitCode {
    let before = iceoryx_files();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let rate = Rate::measure();
    let mut numbers = 0;
    let mut samples = Vec::new();
    let mut failed = false;
    if cores < 2 {
        println!("note: one core only; both sides share it, and nothing here means much");
    }
    for &mode in &plan.modes {
        println!("\n# {mode}: {}", mode.about());
        let sizes = if plan.sizes.is_empty() { mode.sizes() } else { &plan.sizes };
        let mut reports = Vec::new();
        for &size in sizes.iter().filter(|size| mode.has_size(**size)) {
            for &variant in mode.variants() {
                let mut report = Report::new(mode, size, variant);
                let mut subjects: Vec<_> =
                    plan.subjects.iter().copied().filter(|name| subject::plays(name, mode)).collect();
                for round in 0..plan.rounds {
                    for &name in &subjects {
                        numbers += 1;
                        let task = Task {
                            subject: name.to_owned(),
                            mode,
                            size,
                            variant,
                            count: count(mode, size, variant, name, plan.haste),
                            token: format!("mb{}x{numbers}", std::process::id()),
                            rate: rate.to_bits(),
                        };
                        match measure(&task, cores) {
                            Ok(figures) => report.add(Sample { subject: name, round, figures }),
                            Err(problem) => {
                                failed = true;
                                println!("FAILED {name}, {mode}, {size} B: {problem}");
                            }
                        }
                    }
                    if matches!(mode, Mode::Required | Mode::MessageRequired) {
                        // Where hundredths count, whoever comes first must not have it better or worse.
                        subjects.reverse();
                    }
                }
                print!("{report}");
                if mode == Mode::Consumers && variant as usize + 1 > cores {
                    println!("note: {} processes share {cores} cores", variant + 1);
                }
                reports.push(report);
            }
        }
        if plan.table {
            print!("{}", Tables(&reports));
        }
        samples.extend(reports.into_iter().flat_map(Report::into_samples));
    }
    for path in iceoryx_files().iter().filter(|path| !before.contains(path)) {
        let _ = std::fs::remove_file(path);
    }
    if let Some(path) = &plan.json {
        std::fs::write(path, json::text(&samples)).expect("the file for the figures");
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn count(mode: Mode, size: usize, variant: u64, subject: &str, haste: u64) -> u64 {
    let count = mode.count(size, variant);
    match mode {
        // So many have to be in flight.
        Mode::MessageMemory => count,
        // At a fixed rate there is nothing to save but time.
        Mode::Rate => count / haste,
        _ => count / subject::part(subject) / haste,
    }
}

fn measure(task: &Task, cores: usize) -> Result<Vec<(String, f64)>, String> {
    let memory = File::from(memfd_create("compare", MemfdFlags::empty()).expect("memory"));
    ftruncate(&memory, SHARED_BYTES).expect("memory");
    let before = shared_bytes(Path::new(SHM));
    let mut sides: Vec<Side> = Vec::new();
    let outcome = lead(task, cores, &memory, &mut sides, before);
    for side in &mut sides {
        side.end();
    }
    remove_leftovers(Path::new(SHM), &task.token);
    outcome
}

fn lead(
    task: &Task,
    cores: usize,
    memory: &File,
    sides: &mut Vec<Side>,
    before: u64,
) -> Result<Vec<(String, f64)>, String> {
    let mut figures = Vec::new();
    sides.push(Side::start(task, 0, 0, memory));
    sides[0].expect_ready()?;
    for me in 1..=task.consumers() {
        sides.push(Side::start(task, me, me % cores, memory));
        sides[me].expect_ready()?;
    }
    sides[0].go_on();
    sides[0].expect_ready()?;
    if matches!(task.mode, Mode::Size | Mode::MessageMemory) {
        let bytes = shared_bytes(Path::new(SHM)).saturating_sub(before);
        let bare = if subject::is_bare(&task.subject) { CONTROL_BYTES + task_ring_bytes(task) } else { 0 };
        figures.push(("kib".to_owned(), (bytes + bare) as f64 / 1024.0));
    }
    for side in sides.iter_mut() {
        side.go_on();
    }
    for side in sides.iter_mut() {
        merge(&mut figures, side.result()?);
    }
    Ok(figures)
}

/// What a bare ring would take if it were as large as it has to be.
fn task_ring_bytes(task: &Task) -> u64 {
    CAPACITY * task.size as u64
}

/// Of several consumers the slowest one counts.
fn merge(figures: &mut Vec<(String, f64)>, more: Vec<(String, f64)>) {
    for (name, value) in more {
        match figures.iter_mut().find(|(known, _)| *known == name) {
            Some((_, least)) => *least = least.min(value),
            None => figures.push((name, value)),
        }
    }
}

/// A child process.
#[derive(Debug)]
struct Side {
    name: String,
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
}

impl Side {
    fn start(task: &Task, me: usize, core: usize, memory: &File) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg(FLAG).args([me, core].map(|number| number.to_string()));
        // The descriptor has no close-on-exec flag, so the child has it under the same number.
        command.arg(memory.as_raw_fd().to_string()).args(task.to_arguments());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a process");
        let input = child.stdin.take().expect("a pipe");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            // What a subject prints by itself is not for us.
            for line in output.lines().map_while(Result::ok).filter(|line| line.starts_with('@')) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let name = if me == 0 { "the producer".to_owned() } else { format!("consumer {me}") };
        Self { name, child, input, lines }
    }

    fn line(&self) -> Result<String, String> {
        self.lines
            .recv_timeout(PATIENCE)
            .map_err(|_| format!("{} ended early or said nothing in time", self.name))
    }

    fn expect_ready(&self) -> Result<(), String> {
        let line = self.line()?;
        if line == READY { Ok(()) } else { Err(format!("{} said `{line}`", self.name)) }
    }

    fn go_on(&mut self) {
        // A side that is gone is told of where its next line is missed.
        let _ = self.input.write_all(b"go\n");
    }

    fn result(&self) -> Result<Vec<(String, f64)>, String> {
        let line = self.line()?;
        let figures = line.strip_prefix(RESULT).ok_or_else(|| format!("{} said `{line}`", self.name))?;
        let figure = |text: &str| {
            let (name, value) = text.split_once('=')?;
            Some((name.to_owned(), value.parse().ok()?))
        };
        Ok(figures.split_whitespace().filter_map(figure).collect())
    }

    fn end(&mut self) {
        // One that has told its result ends by itself; one that has not is stuck.
        if self.lines.recv_timeout(Duration::from_secs(5)).is_ok()
            || self.child.try_wait().is_ok_and(|it| it.is_none())
        {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// The bytes of all files below a directory that have memory, whoever made them.
fn shared_bytes(directory: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let Ok(entries) = std::fs::read_dir(directory) else { return 0 };
    let each = entries.flatten().map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => shared_bytes(&entry.path()),
        Ok(metadata) => metadata.blocks() * 512,
        Err(_) => 0,
    });
    each.sum()
}

/// What iceoryx2 shares between all its services. It leaves one such file behind.
fn iceoryx_files() -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(SHM) else { return Vec::new() };
    let entries = entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with("iox2_"));
    entries.map(|entry| entry.path()).collect()
}

/// Some subjects leave files behind.
fn remove_leftovers(directory: &Path, token: &str) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            remove_leftovers(&path, token);
        } else if entry.file_name().to_string_lossy().contains(token) {
            let _ = std::fs::remove_file(path);
        }
    }
}
