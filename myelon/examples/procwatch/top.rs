//! A live table of the busiest processes.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::time::{Duration, SystemTime};

use myelon::{Sequence, Start};

use crate::Result;
use crate::event::ProcSample;
use crate::follow::{News, follow};
use crate::options::Options;

pub(crate) fn run(options: &Options) -> Result {
    let rows = options.number("rows")?;
    let mut out = std::io::stdout();
    let mut table = Table::default();
    let terminal = out.is_terminal();
    if terminal {
        write!(out, "{CLEAR}")?;
    }
    // What happened while nobody looked is of no interest here.
    follow(options, "top", Some(Start::Latest), |news| {
        match news {
            News::Sample(sequence, sample) => {
                if !table.add(sequence, sample) {
                    return Ok(());
                }
                table.note.clear();
            }
            News::Note(note) => table.note = note,
        }
        if terminal {
            write!(out, "{}", table.screen(rows.unwrap_or(20)))?;
        } else {
            writeln!(out, "{}", table.line(rows.unwrap_or(3)))?;
        }
        out.flush()?;
        Ok(())
    })
}

const CLEAR: &str = "\x1b[2J";
const HOME: &str = "\x1b[H";
const END_OF_LINE: &str = "\x1b[K\n";
const REST_OF_SCREEN: &str = "\x1b[J";

/// The samples of one round.
#[derive(Default)]
struct Table {
    sequence: Sequence,
    samples: Vec<ProcSample>,
    /// A round began; its samples are still coming.
    growing: bool,
    note: String,
}

impl Table {
    /// Takes a sample in; true when its round is complete.
    fn add(&mut self, sequence: Sequence, sample: &ProcSample) -> bool {
        let another = self.samples.first().is_some_and(|first| first.time_ns != sample.time_ns);
        if another || !self.growing {
            self.samples.clear();
        }
        self.growing = sample.left > 0;
        self.sequence = sequence;
        self.samples.push(*sample);
        if !self.growing {
            self.samples.sort_by_key(|sample| std::cmp::Reverse((sample.cpu_permille, sample.rss_bytes)));
        }
        !self.growing
    }

    fn summary(&self) -> String {
        let Some(first) = self.samples.first() else { return String::from("no sample yet") };
        let cpu: f64 = self.samples.iter().map(ProcSample::cpu_percent).sum();
        let taken = SystemTime::UNIX_EPOCH + Duration::from_nanos(first.time_ns);
        let age = SystemTime::now().duration_since(taken).unwrap_or_default();
        format!(
            "event {}: {} processes, {cpu:.1} % of a processor, {:.1} ms old",
            self.sequence,
            self.samples.len(),
            age.as_secs_f64() * 1e3
        )
    }

    fn line(&self, rows: usize) -> String {
        if !self.note.is_empty() {
            return format!("note: {}", self.note);
        }
        let mut line = self.summary();
        for sample in self.samples.iter().take(rows) {
            let (pid, name) = (sample.pid, sample.name());
            let _ = write!(line, "; {pid} {name} {:.1} % {:.0} MiB", sample.cpu_percent(), sample.rss_mib());
        }
        line
    }

    fn screen(&self, rows: usize) -> String {
        let mut screen = format!("{HOME}procwatch  {}{END_OF_LINE}{END_OF_LINE}", self.summary());
        let _ = write!(
            screen,
            "{:>8} S {:>7} {:>9} {:>9} {:>9} {:>5}  NAME{END_OF_LINE}",
            "PID", "CPU %", "RSS MiB", "READ/s", "WRITE/s", "THR"
        );
        for sample in self.samples.iter().take(rows) {
            let _ = write!(
                screen,
                "{:>8} {} {:>7.1} {:>9.1} {:>9} {:>9} {:>5}  {}{END_OF_LINE}",
                sample.pid,
                sample.state.letter(),
                sample.cpu_percent(),
                sample.rss_mib(),
                bytes(sample.read_rate),
                bytes(sample.write_rate),
                sample.threads,
                sample.name(),
            );
        }
        let _ = write!(screen, "{END_OF_LINE}{}{REST_OF_SCREEN}", self.note);
        screen
    }
}

fn bytes(count: u64) -> String {
    match count {
        0 => String::from("-"),
        1..10_000 => format!("{count} B"),
        10_000..10_000_000 => format!("{} KiB", count >> 10),
        _ => format!("{} MiB", count >> 20),
    }
}
